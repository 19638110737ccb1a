import {
  blank,
  claimed,
  containerDisk,
  disk,
  imported,
  patch,
  post,
  type Provocation,
  quota,
  room,
  type Servers,
} from './provocation.contract';

/** What keeps a VM from its start, by users' requests alone. */
export const startProvocations = ({
  web,
  secure,
}: Servers): Readonly<Record<string, Provocation>> => ({
  nodeSelector: {
    template: { nodeSelector: { disk: 'nowhere' } },
    sentence: 'No node has the labels that it asks for.',
  },
  podAffinity: {
    template: {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
          ],
        },
      },
    },
    sentence: 'Its rules about what it may run beside leave no node.',
  },
  topologySpread: {
    template: {
      topologySpreadConstraints: [
        {
          ...{ maxSkew: 1, topologyKey: 'no/such', whenUnsatisfiable: 'DoNotSchedule' },
          labelSelector: { matchLabels: { app: 'x' } },
        },
      ],
    },
    sentence: 'Its topology spread constraints leave no node.',
  },
  noCpu: {
    template: { domain: { resources: { requests: { cpu: '10000' } } } },
    sentence: 'No node has enough free CPU for it.',
  },
  storageQuota: {
    ...disk({ ...blank, ...room() }),
    before: quota({ 'requests.storage': '1Mi' }),
    sentence: 'The quota of the project leaves no room for its disks.',
  },
  importNotFound: {
    ...imported(`${web}/404`),
    sentence: 'The image of disk root is not at its address.',
  },
  importDenied: {
    ...imported(`${web}/403`),
    sentence: 'The server of the image of disk root refuses access.',
  },
  importCertificate: {
    ...imported(`${secure}/disk`),
    sentence: 'The certificate of the server of disk root is not trusted.',
  },
  importUnreachable: {
    ...imported('http://127.0.0.1:1/disk'),
    sentence: 'The server of the image of disk root cannot be reached.',
  },
  dataVolume: {
    ...imported(`${web}/500`),
    sentence: 'One of its disks could not be made.',
  },
  classMissing: {
    ...disk({ ...blank, ...claimed({ storageClassName: 'fast' }) }),
    sentence: 'The storage class fast of its volume does not exist.',
  },
  noDefaultClass: {
    ...disk({ ...blank, ...claimed({ storageClassName: '' }) }),
    sentence: 'Its disk names no storage class, and the cluster has no default one.',
  },
  noAccessMode: {
    ...disk({ ...blank, ...room({ storageClassName: 'fast' }) }),
    sentence: 'The storage class fast does not say how its volumes may be used.',
  },
  claimMissing: {
    template: {
      domain: { devices: { disks: [{ name: 'data', disk: {} }] } },
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'missing' } }],
    },
    sentence: 'A volume claim that it uses does not exist.',
  },
  instancetypeMissing: {
    spec: { instancetype: { kind: 'VirtualMachineInstancetype', name: 'gone' } },
    template: { domain: { memory: undefined } },
    sentence: 'Its instance type does not exist.',
  },
  preferenceMissing: {
    spec: { preference: { kind: 'VirtualMachinePreference', name: 'gone' } },
    sentence: 'Its preference does not exist.',
  },
  quota: {
    before: quota({ 'requests.memory': '1Mi' }),
    sentence: 'The quota of the project does not allow it to start.',
  },
  podSecurity: {
    before: (cluster, namespace) =>
      patch(cluster, `/api/v1/namespaces/${namespace}`, {
        metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      }),
    sentence: 'The security rules of the project forbid its pod.',
  },
  limitRange: {
    before: (cluster, namespace) =>
      post(cluster, `/api/v1/namespaces/${namespace}/limitranges`, {
        ...{ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'small' } },
        spec: { limits: [{ type: 'Container', max: { memory: '1Mi' } }] },
      }),
    sentence: 'The limits of the project do not allow a virtual machine of this size.',
  },
  imageNotFound: {
    ...containerDisk('registry.example/fails-to-pull:1'),
    sentence: 'Its container image does not exist in the registry.',
  },
  imagePull: {
    ...containerDisk('registry.example/os:1', { imagePullPolicy: 'Never' }),
    sentence: 'Its container image cannot be pulled.',
  },
});
