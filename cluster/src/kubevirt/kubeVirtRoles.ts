import { allow, clusterRole, readVerbs, writeVerbs } from '../client/clusterRole.ts';

const machines = ['virtualmachines', 'virtualmachineinstances'];
const subresources = 'subresources.kubevirt.io';
const vm = (actions: string[]) => actions.map((action) => `virtualmachines/${action}`);
const vmi = (actions: string[]) => actions.map((action) => `virtualmachineinstances/${action}`);

/**
 * KubeVirt's roles for users (pkg/virt-operator/resource/generate/rbac/cluster.go, d923fdb), for the
 * resources and subresources that are here.
 */
export const kubeVirtRoles = [
  clusterRole('kubevirt.io:default', [
    allow('kubevirt.io', ['kubevirts'], ['get', 'list']),
    allow(subresources, ['version', 'guestfs'], ['get', 'list']),
  ]),
  clusterRole(
    'kubevirt.io:admin',
    [
      allow('kubevirt.io', machines, ['deletecollection']),
      allow(subresources, vmi(['vnc/screenshot']), ['get']),
    ],
    'admin',
  ),
  clusterRole(
    'kubevirt.io:edit',
    [
      allow(
        'kubevirt.io',
        machines,
        writeVerbs.filter((verb) => verb !== 'deletecollection'),
      ),
      allow('kubevirt.io', ['kubevirts'], ['get', 'list']),
      allow(subresources, vm(['start', 'stop', 'restart']), ['update']),
      allow(subresources, vm(['portforward']), ['get']),
      allow(subresources, vmi(['pause', 'unpause', 'reset']), ['update']),
      allow(subresources, vmi(['console', 'vnc', 'portforward']), ['get']),
    ],
    'edit',
  ),
  clusterRole(
    'kubevirt.io:view',
    [allow('kubevirt.io', machines, readVerbs), allow(subresources, vmi(['guestosinfo']), ['get'])],
    'view',
  ),
];
