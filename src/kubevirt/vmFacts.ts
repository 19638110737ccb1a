import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type RunStrategy, runStrategyOf } from '~/kubevirt/vmCan';
import { vmResources } from '~/kubevirt/vmResources';
import { toVmStatus, type VmStatus } from '~/kubevirt/vmStatus';

export interface VmFacts {
  namespace: string;
  name: string;
  /** ISO 8601. */
  created: string;
  status: VmStatus;
  runStrategy: RunStrategy;
  /** Of the instance; empty while there is none. */
  vmiUid: string;
  /** Of the instance; empty while there is none. */
  vmiPhase: string;
  /** What a restart would bring, in the server's words; undefined when nothing waits for one. */
  restartRequired: string | undefined;
  /** When a VM that crashes is started again, ISO 8601; empty when it is not waiting. */
  retryAt: string;
  description: string;
  labels: readonly (readonly [key: string, value: string])[];
  vcpus: number;
  topology: { sockets: number; cores: number; threads: number };
  memoryBytes: number | undefined;
  instancetype: string;
  preference: string;
  hasAgent: boolean;
  /** As the guest agent tells; empty without agent. */
  guestOs: string;
  hostname: string;
  ips: readonly string[];
  node: string;
  architecture: string;
  machine: string;
  firmware: 'BIOS' | 'UEFI';
}

/** What the overview tells of a VM. What runs goes before what is written down. */
export function vmFacts(vm: V1VirtualMachine, vmi: V1VirtualMachineInstance | undefined): VmFacts {
  const spec = vmi?.spec ?? vm.spec.template.spec;
  const domain = spec?.domain;
  const status = vmi?.status;
  const { topology, vcpus, memoryBytes } = vmResources(domain, status);
  const os = status?.guestOSInfo;
  const { name = '', namespace = '', creationTimestamp = '' } = vm.metadata ?? {};
  const restart = (vm.status?.conditions ?? []).find(
    (one) => one.type === 'RestartRequired' && one.status === 'True',
  );
  return {
    namespace,
    name,
    created: creationTimestamp,
    status: toVmStatus(vm.status?.printableStatus),
    runStrategy: runStrategyOf(vm.spec),
    vmiUid: vmi?.metadata?.uid ?? '',
    vmiPhase: status?.phase ?? '',
    restartRequired: restart && (restart.message ?? ''),
    retryAt: vm.status?.startFailure?.retryAfterTimestamp ?? '',
    description: vm.metadata?.annotations?.['description'] ?? '',
    labels: Object.entries(vm.metadata?.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    vcpus,
    topology,
    memoryBytes,
    instancetype: vm.spec.instancetype?.name ?? '',
    preference: vm.spec.preference?.name ?? '',
    hasAgent: (status?.conditions ?? []).some(
      (one) => one.type === 'AgentConnected' && one.status === 'True',
    ),
    guestOs: os?.prettyName ?? os?.name ?? '',
    hostname: spec?.hostname ?? vm.metadata?.name ?? '',
    ips: (status?.interfaces ?? []).flatMap(({ ipAddress, ipAddresses = [] }) =>
      ipAddresses.length > 0 ? ipAddresses : ipAddress ? [ipAddress] : [],
    ),
    node: status?.nodeName ?? '',
    architecture: spec?.architecture ?? '',
    machine: status?.machine?.type ?? domain?.machine?.type ?? '',
    firmware: domain?.firmware?.bootloader?.efi ? 'UEFI' : 'BIOS',
  };
}
