import { existsSync } from 'node:fs';
import { cp, mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Draft, KubeClient } from '../../src/client/KubeClient.ts';
import { nodes, persistentVolumeClaims, pods } from '../../src/client/resources.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import {
  startCluster,
  temporaryFolder,
  type TestCluster,
  vmAction,
  vmiAction,
} from '../kubevirt/clusterFixture.ts';
import { diskVm, plainVm } from '../kubevirt/manifests.ts';
import {
  bootPatienceMs,
  eventsOf,
  record,
  until,
  untilGone,
  untilVmi,
} from '../kubevirt/watching.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { resizeDisk, smallDisk, twoDiskVm } from './fullDisk.ts';
import { killCluster } from './killCluster.ts';
import { orphans } from './orphans.ts';

const rounds = Number(process.env['FAULT_ROUNDS'] ?? 1);
const key = (name: string) => ({ namespace: 'default', name });

const untilStatus = (client: KubeClient, name: string, printed: string) =>
  until(
    client,
    virtualMachines,
    key(name),
    ({ status }) => status?.printableStatus === printed,
    bootPatienceMs,
  );
const running = (client: KubeClient, name: string, not?: VirtualMachineInstance) =>
  untilVmi(
    client,
    name,
    ({ metadata, status }) => status?.phase === 'Running' && metadata.uid !== not?.metadata.uid,
    bootPatienceMs,
  );
const condition = ({ status }: VirtualMachineInstance, type: string) =>
  status?.conditions?.find((one) => one.type === type);

async function realCluster(options: Parameters<typeof startCluster>[0] = {}) {
  return startCluster({ runtime: await QemuRuntime.create(), ...options });
}

const pidOf = ({ cluster }: TestCluster, vmi: VirtualMachineInstance): number => {
  const pid = cluster.guestOf(vmi)?.pid;
  if (pid === undefined) throw new Error(`${vmi.metadata.name} has no process`);
  return pid;
};

/** Nothing is left over once what is under way has come to its end. */
const expectNoOrphans = ({ dataDir, client }: TestCluster) =>
  expect.poll(() => orphans(dataDir, client), { timeout: 20_000 }).toEqual([]);

/** The file in which the disk of a claim is. */
async function layerOf({ client, dataDir }: TestCluster, claim: string): Promise<string> {
  const { spec } = await client.get(persistentVolumeClaims, key(claim));
  return realpath(join(dataDir, 'volumes', spec.volumeName ?? '', 'disk.qcow2'));
}

describe.each(Array.from({ length: rounds }, (_, index) => index + 1))(
  'round %i',
  { timeout: 120_000 },
  () => {
    test('a killed QEMU is a crash, and a guest without ACPI is killed', async () => {
      const found = await realCluster();
      const { client, send } = found;
      const quick = { memory: '64Mi' };
      await client.create(virtualMachines, diskVm('killed', quick));
      await client.create(
        virtualMachines,
        diskVm('deaf', {
          ...quick,
          runStrategy: 'Manual',
          change: withGrace(1),
        }),
      );
      expect((await send('PUT', vmAction('deaf', 'start'))).code).toBe(202);

      const crashed = await running(client, 'killed');
      process.kill(pidOf(found, crashed), 'SIGKILL');
      await running(client, 'killed', crashed);
      const events = await eventsOf(client, crashed);
      expect(events).toContainEqual(
        expect.objectContaining({
          reason: 'Stopped',
          type: 'Warning',
          message: expect.stringMatching(
            /^The VirtualMachineInstance crashed\..*SIGKILL/,
          ) as string,
        }),
      );

      const deaf = await running(client, 'deaf');
      const phases = await record(
        client,
        virtualMachineInstances,
        'deaf',
        (one) => one.status?.phase,
      );
      await send('PUT', vmAction('deaf', 'stop'));
      // The clock of the cluster is the machine's, and a second of grace passes by itself.
      await untilStatus(client, 'deaf', 'Stopped');
      expect(phases).toContain('Failed');
      const reasons = async () => (await eventsOf(client, deaf)).map(({ reason }) => reason);
      const told = expect.arrayContaining(['ShuttingDown', 'Deleted', 'Stopped']) as string[];
      await expect.poll(reasons).toEqual(told);

      await expectNoOrphans(found);
    });

    test('a disk that is gone or broken keeps a VM from starting, which says why', async () => {
      const found = await realCluster();
      const { client, send } = found;
      const vm = diskVm('web', { memory: '64Mi', runStrategy: 'Halted', change: withGrace(0) });
      await client.create(virtualMachines, vm);
      await untilStatus(client, 'web', 'Stopped');
      await until(client, persistentVolumeClaims, key('web-root'), ({ status }) => {
        return status?.phase === 'Bound';
      });
      await expect.poll(() => layerOf(found, 'web-root').catch(() => '')).not.toBe('');
      const layer = await layerOf(found, 'web-root');
      await rename(layer, `${layer}.aside`);
      expect((await send('PUT', vmAction('web', 'start'))).code).toBe(202);
      const failed = (text: string) =>
        untilVmi(
          client,
          'web',
          (one) => condition(one, 'Synchronized')?.message?.includes(text) === true,
          bootPatienceMs,
        );
      const missing = await failed('No such file');
      expect(condition(missing, 'Synchronized')).toMatchObject({
        status: 'False',
        reason: 'Synchronizing with the Domain failed.',
      });
      expect(missing.status?.phase).toBe('Scheduled');
      const warnings = (await eventsOf(client, missing)).map(({ reason }) => reason);
      expect(warnings).toContain('SyncFailed');
      await writeFile(layer, 'no image');
      await failed('qcow2');
      await untilStatus(client, 'web', 'Starting');
      await rename(`${layer}.aside`, layer);
      expect(condition(await running(client, 'web'), 'Synchronized')).toBeUndefined();
      await client.delete(virtualMachines, key('web'));
      await untilGone(client, virtualMachines, key('web'));
      await expectNoOrphans(found);
    });

    test('the guest of a lost node is ended before its disk is opened elsewhere', async () => {
      const found = await realCluster({ nodes: 2 });
      const { client, cluster } = found;
      await client.create(virtualMachines, diskVm('web', { memory: '64Mi' }));
      const before = await running(client, 'web');
      const pid = pidOf(found, before);
      const node = before.status?.nodeName ?? '';
      await cluster.stopNode(node);
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      const unschedulable = { spec: { unschedulable: true } };
      await client.patch(nodes, { name: node }, { type: 'merge', body: unschedulable });
      const { items } = await client.list(pods, { namespace: 'default' });
      for (const { metadata } of items)
        await client.delete(pods, metadata, { gracePeriodSeconds: 0 });
      const after = await running(client, 'web', before);
      expect(after.status?.nodeName).not.toBe(node);
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      await cluster.startNode(node);
      await expectNoOrphans(found);
      expect(pidOf(found, after)).toBeGreaterThan(0);
    });

    test('a guest that the API has lost is ended at the next start, one that it knows goes on', async () => {
      const dataDir = await temporaryFolder();
      const first = await realCluster({ dataDir });
      await first.client.create(virtualMachines, diskVm('old', { memory: '64Mi' }));
      const old = await running(first.client, 'old');
      const pid = pidOf(first, old);
      await first.close({ leaveGuests: true });
      await cp(join(dataDir, 'store'), join(dataDir, 'store.before'), { recursive: true });

      const second = await realCluster({ dataDir });
      await second.client.create(virtualMachines, plainVm('new', { memory: '64Mi' }));
      const lost = pidOf(second, await running(second.client, 'new'));
      await second.close({ leaveGuests: true });
      expect(existsSync(`/proc/${lost}`)).toBe(true);
      await rm(join(dataDir, 'store'), { recursive: true });
      await rename(join(dataDir, 'store.before'), join(dataDir, 'store'));

      const third = await realCluster({ dataDir });
      await expect.poll(() => third.cluster.running()).toBe(1);
      expect(pidOf(third, await running(third.client, 'old'))).toBe(pid);
      await expectNoOrphans(third);
      expect(existsSync(`/proc/${lost}`)).toBe(false);
    });

    test.skipIf(process.getuid?.() !== 0)(
      'a guest on a full disk is paused, and goes on where it was once there is room',
      async () => {
        await microImage();
        const dataDir = await temporaryFolder();
        const disk = join(dataDir, 'layers');
        await mkdir(disk);
        smallDisk(disk, '40m');
        const found = await realCluster({ dataDir, guestImages: microSources() });
        const { client, cluster, send } = found;
        await client.create(virtualMachines, twoDiskVm('web'));
        const connected = (one: VirtualMachineInstance) =>
          condition(one, 'AgentConnected')?.status === 'True';
        const vmi = await untilVmi(client, 'web', connected, bootPatienceMs);
        const fill = ['-c', 'dd if=/dev/urandom of=/dev/vdb bs=1M count=48; sync; echo written'];
        const filling = cluster.guestOf(vmi)?.agent?.execute('/bin/sh', fill, 60_000);
        const paused = await untilVmi(
          client,
          'web',
          (one) => condition(one, 'Paused')?.status === 'True',
          bootPatienceMs,
        );
        expect(condition(paused, 'Paused')).toMatchObject({
          reason: 'PausedIOError',
          message: 'VMI was paused, low-level IO error detected',
        });
        await untilStatus(client, 'web', 'Paused');
        resizeDisk(disk, '200m');
        expect((await send('PUT', vmiAction('web', 'unpause'))).code).toBe(200);
        expect(await filling).toMatchObject({
          output: expect.stringContaining('written') as string,
        });
        await untilStatus(client, 'web', 'Running');
      },
    );

    test('guests outlive a control plane that is killed; one that died meanwhile has crashed', async () => {
      const dataDir = await temporaryFolder();
      const pids = await killCluster(dataDir, ['stays', 'dies']);
      process.kill(pids['dies'] ?? 0, 'SIGKILL');
      const found = await realCluster({ dataDir });
      const stays = await running(found.client, 'stays');
      await expect.poll(() => found.cluster.guestOf(stays)?.pid).toBe(pids['stays']);
      const again = await untilVmi(
        found.client,
        'dies',
        (one) => (found.cluster.guestOf(one)?.pid ?? pids['dies']) !== pids['dies'],
        bootPatienceMs,
      );
      expect(pidOf(found, again)).toBeGreaterThan(0);
      await expectNoOrphans(found);
      for (const { metadata } of (await found.client.list(virtualMachines)).items) {
        await found.client.delete(virtualMachines, metadata);
      }
      await expect.poll(() => found.cluster.running(), { timeout: 50_000 }).toBe(0);
      await expectNoOrphans(found);
    });
  },
);

const withGrace =
  (seconds: number) =>
  ({ spec }: Draft<VirtualMachine>) => {
    if (spec.template.spec) spec.template.spec.terminationGracePeriodSeconds = seconds;
  };
