import { expect, test } from 'vitest';

import { kubeVirts, nodes, pods, resourcePath, virtualMachines } from '~/k8s/models';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { draftObjects } from '~/kubevirt/create/draftObjects';
import { kubeVirtRow, nodeRow, sumOf } from '~/kubevirt/create/nodeOffer';
import { customCompute, newDraft, type VmDraft } from '~/kubevirt/create/vmDraft';

import { startCluster } from '../../../cluster/test/kubevirt/clusterFixture.ts';

const gpu = 'nvidia.com/A100';
const nic = 'intel.com/x710';

interface Pod extends KubernetesObject {
  spec: {
    nodeName?: string;
    containers: { name: string; resources?: { limits?: Record<string, string> } }[];
  };
}

test('a GPU, a host device, huge pages and CPUs of its own come from the node that has them', async () => {
  const { send } = await startCluster({ nodes: 2 });
  const merge = { contentType: 'application/merge-patch+json' };
  const has = async (path: string, body: object) => {
    const { code, text } = await send('PATCH', path, { ...merge, body });
    expect(code, text).toBe(200);
  };
  // As a device plugin would; a kubelet leaves what it does not know of.
  const amounts = { [gpu]: '1', [nic]: '2', 'hugepages-2Mi': '2Gi' };
  await has(resourcePath(nodes, { name: 'node-2', subresource: 'status' }), {
    status: { capacity: amounts, allocatable: amounts },
  });
  await has(resourcePath(nodes, { name: 'node-2' }), {
    metadata: { labels: { cpumanager: 'true' } },
  });
  const { body: list } = await send('GET', resourcePath(kubeVirts));
  const [kubeVirt] = list['items'] as (KubernetesObject & { metadata: object })[];
  const permitted = {
    pciHostDevices: [
      { pciVendorSelector: '10DE:20B0', resourceName: gpu },
      { pciVendorSelector: '8086:1572', resourceName: nic },
    ],
  };
  await has(resourcePath(kubeVirts, { ...kubeVirt?.metadata }), {
    spec: {
      configuration: {
        permittedHostDevices: permitted,
        developerConfiguration: { featureGates: ['HostDevices', 'GPU', 'CPUManager'] },
      },
    },
  });

  // The wizard offers what is permitted, and says how much of it there is.
  const { body: found } = await send('GET', resourcePath(kubeVirts, { ...kubeVirt?.metadata }));
  expect(kubeVirtRow(found).permittedDevices).toEqual([nic, gpu]);
  const { body: nodeList } = await send('GET', resourcePath(nodes));
  const rows = (nodeList['items'] as KubernetesObject[]).map(nodeRow);
  expect([sumOf(rows, gpu), sumOf(rows, nic)]).toEqual([1, 2]);

  const draft: VmDraft = {
    ...newDraft('render', 'default'),
    disks: [],
    compute: {
      ...customCompute,
      memory: { value: 1, unit: 'GiB' },
      cores: 2,
      isDedicated: true,
      hugepages: '2Mi',
    },
    devices: [
      { kind: 'gpu', name: 'gpu-1', deviceName: gpu },
      { kind: 'hostDevice', name: 'nic-1', deviceName: nic },
    ],
  };
  const create = async (made: VmDraft) => {
    for (const { model, object } of draftObjects(made)) {
      const path = `${resourcePath(model, { namespace: 'default' })}?fieldValidation=Strict`;
      const { code, text } = await send('POST', path, { body: object });
      expect(code, text).toBe(201);
    }
  };
  const statusOf = async (name: string) => {
    const path = resourcePath(virtualMachines, { namespace: 'default', name });
    const { body } = await send('GET', path);
    return body['status'] as { printableStatus?: string; conditions?: { message?: string }[] };
  };
  await create(draft);
  await expect
    .poll(async () => (await statusOf('render')).printableStatus, { timeout: 30_000 })
    .toBe('Running');
  const { body: podList } = await send('GET', resourcePath(pods, { namespace: 'default' }));
  const [pod] = podList['items'] as Pod[];
  expect(pod?.spec.nodeName).toBe('node-2');
  const compute = pod?.spec.containers.find(({ name }) => name === 'compute');
  expect(compute?.resources?.limits).toMatchObject({
    ...{ [gpu]: '1', [nic]: '1', cpu: '2', 'hugepages-2Mi': '1Gi' },
  });

  // The only one is taken.
  await create({ ...draft, name: 'second' });
  await expect
    .poll(async () => (await statusOf('second')).printableStatus, { timeout: 30_000 })
    .toBe('ErrorUnschedulable');
  const messages = (await statusOf('second')).conditions?.map(({ message = '' }) => message);
  expect(messages?.join('\n')).toContain(`Insufficient ${gpu}`);
});
