import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, expect, test } from 'vitest';

import { pods, services } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { kubeconfigOf } from './kubeconfigOf.ts';
import { diskVm, microDisk } from './manifests.ts';
import { bootPatienceMs, until, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const web = { namespace: 'default', name: 'web' };

test('what kubectl exposes is reached at every address of the service while the guest runs', async () => {
  const { cluster, dataDir, client, send } = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const template = microDisk('web');
  await client.create(virtualMachines, diskVm('web', { template, memory: '256Mi' }));
  await untilVmi(
    client,
    'web',
    ({ status }) => status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false,
    bootPatienceMs,
  );
  const kubeconfig = join(dataDir, 'kubeconfig');
  await writeFile(kubeconfig, await kubeconfigOf(cluster));
  const [pod] = (await client.list(pods, { namespace: 'default' })).items;
  await promisify(execFile)('kubectl', [
    ...['--kubeconfig', kubeconfig, 'expose', 'pod', pod?.metadata.name ?? '', '--name=web'],
    ...['--port=8080', '--target-port=80', '--type=LoadBalancer'],
  ]);
  const { spec, status } = await until(
    client,
    services,
    web,
    (service) => service.status?.loadBalancer?.ingress !== undefined,
  );
  const [{ nodePort = 0 } = {}] = spec.ports ?? [];
  const pages = [
    `http://${spec.clusterIP ?? ''}:8080`,
    `http://${status?.loadBalancer?.ingress?.[0]?.ip ?? ''}:8080`,
    `http://127.0.0.1:${nodePort}`,
  ];
  for (const page of pages) {
    const title = () => fetch(`${page}/cgi-bin/index.cgi`).then((answer) => answer.text());
    // It listens a moment after the service has its address.
    await expect.poll(() => title().catch(String)).toContain('<title>web</title>');
  }
  await send('PUT', vmAction('web', 'stop'), { body: { gracePeriod: 0 } });
  await until(client, virtualMachines, web, (vm) => vm.status?.printableStatus === 'Stopped');
  for (const page of pages) {
    const failure = () => fetch(page).then(String, causeOf);
    await expect.poll(failure).toMatchObject({ code: 'ECONNREFUSED' });
  }
});

const causeOf = (error: unknown) => (error instanceof Error ? error.cause : error);
