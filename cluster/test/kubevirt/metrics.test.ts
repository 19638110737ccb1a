import { beforeAll, expect, test } from 'vitest';

import { aUser, bindRole } from '../../src/client/clusterRole.ts';
import { namespaces, roleBindings } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { findPrometheus } from '../../src/monitoring/findPrometheus.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { bobToken, startCluster, type TestCluster } from './clusterFixture.ts';
import { diskVm, microDisk, plainVm } from './manifests.ts';
import { bootPatienceMs, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const proxy = '/api/v1/namespaces/monitoring/services/prometheus-k8s:web/proxy/api/v1';
const prometheus = { program: findPrometheus(), intervalSeconds: 1 };

interface Result {
  metric: Record<string, string>;
  value: [number, string];
}

async function query({ send }: TestCluster, text: string): Promise<Result[]> {
  const { code, body } = await send('GET', `${proxy}/query?query=${encodeURIComponent(text)}`);
  if (code !== 200) return [];
  return (body as { data: { result: Result[] } }).data.result;
}

interface Health {
  name: string;
  health: string;
  lastError?: string;
}

const patience = { timeout: 30_000, interval: 200 };

test('Prometheus knows VMs by the names of KubeVirt, and who may ask is decided by RBAC', async () => {
  const cluster = await startCluster({ prometheus });
  const { client, send } = cluster;
  await client.create(virtualMachines, plainVm('web'));
  await client.create(virtualMachines, plainVm('off', { runStrategy: 'Halted' }));
  await untilVmi(client, 'web', 'Running');
  await untilVm(client, 'off', 'Stopped');
  const groups = async () =>
    (await query(cluster, 'kubevirt_vm_info'))
      .map(({ metric: { name, status, status_group: group } }) => [name, status, group].join(' '))
      .sort();
  await expect.poll(groups, patience).toEqual(['off stopped non_running', 'web running running']);
  expect((await query(cluster, 'kubevirt_vmi_info'))[0]?.metric).toMatchObject({
    namespace: 'default',
    name: 'web',
    node: 'node-1',
    phase: 'running',
  });
  // A simulated guest uses nothing, so that there is nothing to tell.
  expect(await query(cluster, '{__name__=~"kubevirt_vmi_(cpu|memory)_.*"}')).toEqual([]);
  const rules = await send('GET', `${proxy}/rules`);
  const [group] = (rules.body as { data: { groups: { rules: { name: string }[] }[] } }).data.groups;
  expect(group?.rules.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['VMCannotBeEvicted', 'namespace:kubevirt_vm:sum']),
  );
  // Prometheus has evaluated all of them, and none is wrong.
  const unwell = async () => {
    const { body } = await send('GET', `${proxy}/rules`);
    const { groups } = (body as { data: { groups: { rules: Health[] }[] } }).data;
    return groups.flatMap((one) => one.rules).filter(({ health }) => health !== 'ok');
  };
  await expect.poll(unwell, patience).toEqual([]);
  const value = async (text: string) => (await query(cluster, text))[0]?.value[1];
  const started = 'kubevirt_vmi_phase_transition_time_from_creation_seconds_count';
  await expect.poll(() => value(`${started}{phase="Running"}`), patience).toBe('1');
  const made = 'kubevirt_rest_client_requests_total{pod="virt-controller-0",code="201"}';
  expect(Number(await value(`sum(${made})`))).toBeGreaterThan(0);
  for (const part of ['api', 'controller', 'handler', 'operator']) {
    await expect.poll(() => value(`cluster:kubevirt_virt_${part}_up:sum`), patience).toBe('1');
  }
  expect(await value('cluster:kubevirt_nodes_allocatable:count')).toBe('1');
  const refused = await send('GET', `${proxy}/query?query=up`, { token: bobToken });
  expect([refused.code, refused.body['message']]).toEqual([
    403,
    'services "prometheus-k8s:web" is forbidden: User "bob" cannot get resource "services/proxy" in API group "" in the namespace "monitoring"',
  ]);
});

test('who may see a project may ask about its metrics, and about no others', async () => {
  const cluster = await startCluster({ prometheus });
  const { client, send } = cluster;
  for (const namespace of ['mine', 'other']) {
    await client.create(namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    const vm = plainVm('web');
    await client.create(virtualMachines, { ...vm, metadata: { ...vm.metadata, namespace } });
  }
  await client.create(
    roleBindings,
    bindRole('bob', [aUser('bob')], { role: 'view', namespace: 'mine' }),
  );
  await expect
    .poll(async () => (await query(cluster, 'kubevirt_vm_info{name="web"}')).length, patience)
    .toBe(2);
  const tenancy = proxy.replace(':web/', ':tenancy/');
  const ask = (path: string, parameters: Record<string, string>) =>
    send('GET', `${tenancy}/${path}?${new URLSearchParams(parameters).toString()}`, {
      token: bobToken,
    });
  const spaces = async (text: string) => {
    const { body } = await ask('query', { query: text, namespace: 'mine' });
    const { result } = (body as { data: { result: Result[] } }).data;
    return result.map(({ metric }) => metric['namespace']);
  };
  expect(await spaces('kubevirt_vm_info')).toEqual(['mine']);
  expect(
    await spaces('kubevirt_vm_info{namespace=~".+"} or {__name__="kubevirt_vm_info"}'),
  ).toEqual(['mine']);
  expect(await spaces('kubevirt_vm_info{namespace="other"}')).toEqual([]);
  const labels = await ask('label/namespace/values', { namespace: 'mine' });
  expect(labels.body['data']).toEqual(['mine']);
  const series = await ask('series', { namespace: 'mine', 'match[]': 'kubevirt_vm_info' });
  expect(series.body['data']).toEqual([expect.objectContaining({ namespace: 'mine' })]);

  const refusals = await Promise.all([
    ask('query', { query: 'up', namespace: 'other' }),
    ask('query', { query: 'up' }),
    ask('query', { query: 'up{', namespace: 'mine' }),
    ask('rules', { namespace: 'mine' }),
  ]);
  expect(refusals.map(({ code, body }) => [code, body['message']])).toEqual([
    [
      403,
      'pods.metrics.k8s.io is forbidden: User "bob" cannot get resource "pods" in API group "metrics.k8s.io" in the namespace "other"',
    ],
    [400, 'The "namespace" query parameter must be provided, once.'],
    [400, 'invalid parameter "query": parse error at character 4'],
    [404, 'the server could not find the requested resource'],
  ]);
});

test('without the program all else works, and the reason is told', async () => {
  const { client, send } = await startCluster({ prometheus: { program: undefined } });
  await client.create(virtualMachines, plainVm('web'));
  await untilVmi(client, 'web', 'Running');
  const { code, body } = await send('GET', `${proxy}/query?query=up`);
  expect([code, body['message']]).toEqual([
    503,
    `no endpoints available for service "prometheus-k8s": the program prometheus is not installed (Debian's package prometheus)`,
  ]);
});

test('what a real guest uses is counted by QEMU, the kernel and the guest agent', async () => {
  const cluster = await startCluster({
    prometheus,
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const { client } = cluster;
  const template = microDisk('web');
  await client.create(virtualMachines, diskVm('web', { template, memory: '256Mi' }));
  await untilVmi(client, 'web', 'Running', bootPatienceMs);
  const about = '{namespace="default",name="web",node="node-1"}';
  const value = async (metric: string, labels = about) =>
    Number((await query(cluster, `${metric}${labels}`))[0]?.value[1] ?? 0);
  const of = (label: string) => about.replace('}', `,${label}}`);
  const slow = { timeout: bootPatienceMs, interval: 500 };
  // The guest's own: its balloon driver, file systems and traffic.
  await expect
    .poll(() => value('kubevirt_vmi_memory_available_bytes'), slow)
    .toBeGreaterThan(100 * 2 ** 20);
  await expect
    .poll(() => value('kubevirt_vmi_network_receive_bytes_total', of('interface="default"')), slow)
    .toBeGreaterThan(0);
  await expect
    .poll(() => value('kubevirt_vmi_filesystem_used_bytes', of('mount_point="/"')), slow)
    .toBeGreaterThan(0);
  await expect
    .poll(() => query(cluster, `kubevirt_vmi_guest_load_1m${about}`), slow)
    .toHaveLength(1);
  expect(await value('kubevirt_vmi_node_cpu_affinity')).toBeGreaterThan(0);
  await expect
    .poll(() => query(cluster, `kubevirt_vmi_dirty_rate_bytes_per_second${about}`), slow)
    .toHaveLength(1);
  // The host's.
  expect(await value('kubevirt_vmi_cpu_usage_seconds_total')).toBeGreaterThan(0.5);
  expect(await value('kubevirt_vmi_vcpu_seconds_total', of('id="0"'))).toBeGreaterThan(0.5);
  expect(await value('kubevirt_vmi_memory_resident_bytes')).toBeGreaterThan(10 * 2 ** 20);
  expect(await value('kubevirt_vmi_memory_domain_bytes')).toBe(256 * 2 ** 20);
  expect(
    await value('kubevirt_vmi_storage_read_traffic_bytes_total', of('drive="root"')),
  ).toBeGreaterThan(2 ** 20);

  // A kernel that panics is seen by its device.
  const vmi = await untilVmi(client, 'web', 'Running');
  void cluster.cluster
    .guestOf(vmi)
    ?.agent?.execute('/bin/sh', ['-c', 'echo c > /proc/sysrq-trigger'], 5000)
    .catch(() => undefined);
  const panics = '{namespace="default",name="web",type="pvpanic",bugcheck_code="unknown"}';
  await expect.poll(() => value('kubevirt_vmi_guest_os_panic_total', panics), slow).toBe(1);
  await untilVmi(client, 'web', ({ metadata }) => metadata.uid !== vmi.metadata.uid);
});
