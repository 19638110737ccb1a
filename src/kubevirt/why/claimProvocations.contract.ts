import {
  blank,
  claimed,
  dataVolume,
  dataVolumesUrl,
  disk,
  instancesUrl,
  patch,
  post,
  type Provocation,
  room,
  type TestCluster,
  until,
  untilIs,
  vmsUrl,
} from './provocation.contract';

const halted = ({ spec, ...rest }: ReturnType<typeof disk>) => ({
  ...rest,
  spec: { ...spec, runStrategy: 'Halted' },
});

const claimsUrl = (namespace: string) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;

/** A VM with a disk on the claim `data`. */
const onClaim = {
  template: {
    domain: { devices: { disks: [{ name: 'data', disk: { bus: 'virtio' } }] } },
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
};

const claim = (spec: object) => (cluster: TestCluster, namespace: string) =>
  post(cluster, claimsUrl(namespace), {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } },
    spec: { ...claimed({}).pvc, ...spec },
  });

/** Address of the volume behind the claim `data`, once there is one. */
async function volumeUrl(cluster: TestCluster, namespace: string): Promise<string> {
  const url = `${claimsUrl(namespace)}/data`;
  await untilIs(cluster, url, ({ status }) => status?.['phase'] === 'Bound');
  const { body } = await cluster.send('GET', url);
  const { volumeName } = body['spec'] as { volumeName: string };
  return `/api/v1/persistentvolumes/${volumeName}`;
}

const rolesUrl = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

/** A VM of one node, with a disk that others have too. */
const shared = (node: string) => ({
  template: {
    nodeSelector: { 'kubernetes.io/hostname': node },
    domain: {
      memory: { guest: '256Mi' },
      devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] },
    },
    volumes: [{ name: 'root', dataVolume: { name: 'shared' } }],
  },
});

/** What keeps a VM from its disks and from what they are made of, by users' requests alone. */
export const claimProvocations: Readonly<Record<string, Provocation>> = {
  noClaim: {
    template: { ...onClaim.template, nodeSelector: { disk: 'nowhere' } },
    before: claim({}),
    // While its pod waits for a node.
    async after(cluster, namespace) {
      await untilIs(cluster, `${instancesUrl(namespace)}/web`, ({ status }) =>
        JSON.stringify(status?.['conditions'] ?? []).includes('Unschedulable'),
      );
      await cluster.send('DELETE', `${claimsUrl(namespace)}/data`);
    },
    spec: {},
    sentence: 'It cannot be scheduled, because the volume claim data does not exist.',
  },
  claimNotBound: {
    ...onClaim,
    async before(cluster, namespace) {
      await post(cluster, '/apis/storage.k8s.io/v1/storageclasses', {
        ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
        ...{ metadata: { name: 'nobody-provides' }, provisioner: 'example.com/none' },
      });
      await claim({ storageClassName: 'nobody-provides' })(cluster, namespace);
    },
    sentence: 'It cannot be scheduled, because a volume claim of it is not bound yet.',
  },
  volumeElsewhere: {
    ...onClaim,
    async before(cluster, namespace) {
      await claim({})(cluster, namespace);
      const at = { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-9'] };
      await patch(cluster, await volumeUrl(cluster, namespace), {
        spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [at] }] } } },
      });
    },
    sentence: 'Its disks lie on nodes that cannot take it.',
  },
  claimLost: {
    ...onClaim,
    spec: { runStrategy: 'Halted' },
    before: claim({}),
    async after(cluster, namespace) {
      await cluster.send('DELETE', await volumeUrl(cluster, namespace));
    },
    sentence: 'The volume behind the claim data is gone.',
  },
  cloneNotAllowed: {
    ...halted(disk({ source: { pvc: { namespace: 'default', name: 'golden' } }, ...room() })),
    // The right is there when the VM is admitted, and gone when its disk is to be made.
    annotations: { 'kubevirt.io/immediate-data-volume-creation': 'false' },
    async before(cluster, namespace) {
      const name = `cloner-of-${namespace}`;
      const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
      await post(cluster, `${rolesUrl}/roles`, {
        ...{ ...rbac, kind: 'Role', metadata: { name } },
        rules: [
          {
            ...{ apiGroups: ['cdi.kubevirt.io'], resources: ['datavolumes/source'] },
            verbs: ['create'],
          },
        ],
      });
      await post(cluster, `${rolesUrl}/rolebindings`, {
        ...{ ...rbac, kind: 'RoleBinding', metadata: { name } },
        subjects: [{ kind: 'Group', name: `system:serviceaccounts:${namespace}` }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      });
    },
    async after(cluster, namespace, name) {
      await cluster.send('DELETE', `${rolesUrl}/rolebindings/cloner-of-${namespace}`);
      await patch(cluster, `${vmsUrl(namespace)}/${name}`, { spec: { runStrategy: 'Always' } });
    },
    sentence: 'It may not copy its boot source out of the other project.',
  },
  cloneSourceMissing: {
    ...disk({ source: { pvc: { namespace: 'on-clonesourcemissing', name: 'golden' } }, ...room() }),
    sentence: 'The volume that its disk is to be copied from is not there.',
  },
  secretMissing: {
    template: {
      domain: { devices: { disks: [{ name: 'seed', disk: { bus: 'virtio' } }] } },
      volumes: [{ name: 'seed', cloudInitNoCloud: { secretRef: { name: 'login' } } }],
    },
    sentence: 'The secret login that it uses does not exist.',
  },
  multiAttach: {
    ...shared('node-2'),
    async before(cluster, namespace) {
      const local = { storageClassName: 'hostpath-local', accessModes: ['ReadWriteOnce'] };
      await post(
        cluster,
        dataVolumesUrl(namespace),
        dataVolume('shared', { ...blank, ...room(local) }),
      );
      await post(cluster, vmsUrl(namespace), {
        ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name: 'first' } },
        spec: { runStrategy: 'Always', template: { spec: shared('node-1').template } },
      });
      await until(cluster, `${vmsUrl(namespace)}/first`, 'Running');
    },
    sentence: 'A volume of it is still in use on another node.',
  },
};
