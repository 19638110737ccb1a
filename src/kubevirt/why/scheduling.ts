import {
  type Finding,
  fromCondition,
  type Situation,
  type WhyFix,
  type WhyRule,
} from './Situation';

/**
 * Why no node takes a VM, from the scheduler's message, which counts the nodes by what is wrong with
 * them: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}.`
 * Texts: kubernetes pkg/scheduler/framework/plugins/*, at v1.34; the condition: KubeVirt
 * pkg/virt-controller/watch/vmi/vmi.go, which copies the pod's.
 */
function unschedulable(message: RegExp): (situation: Situation) => Finding | undefined {
  return (situation) =>
    fromCondition(situation, 'PodScheduled', 'False', { reason: /^Unschedulable$/, message });
}

const scheduling: WhyFix = { kind: 'tab', tab: 'configuration', label: 'Edit scheduling' };
const sizes: WhyFix = { kind: 'tab', tab: 'configuration', label: 'Edit CPU and memory' };
const nodes: WhyFix = { kind: 'command', command: 'kubectl get nodes', label: 'Show nodes' };
const disks: WhyFix = { kind: 'tab', tab: 'disks', label: 'Show disks' };

export const schedulingRules: readonly WhyRule[] = [
  {
    id: 'noClaim',
    sentence: 'It cannot be scheduled, because the volume claim {{claim}} does not exist.',
    advice: 'Create the claim, or remove the disk that uses it.',
    tone: 'danger',
    fix: disks,
    find: unschedulable(/persistentvolumeclaim "(?<claim>[^"]+)" not found/),
  },
  {
    id: 'claimNotBound',
    sentence: 'It cannot be scheduled, because a volume claim of it is not bound yet.',
    advice: 'See the claim of each disk for why its volume is not made.',
    tone: 'danger',
    fix: disks,
    find: unschedulable(/unbound immediate PersistentVolumeClaims/),
  },
  {
    id: 'volumeElsewhere',
    sentence: 'Its disks lie on nodes that cannot take it.',
    advice: 'Free room on the node that holds the volume, or use storage that all nodes can reach.',
    tone: 'danger',
    fix: nodes,
    find: unschedulable(/volume node affinity conflict/),
  },
  {
    id: 'noMemory',
    sentence: 'No node has enough free memory for it.',
    advice: 'Stop another virtual machine, give this one less memory, or add a node.',
    tone: 'danger',
    fix: sizes,
    find: unschedulable(/Insufficient memory/),
  },
  {
    id: 'noCpu',
    sentence: 'No node has enough free CPU for it.',
    advice: 'Stop another virtual machine, give this one fewer CPUs, or add a node.',
    tone: 'danger',
    fix: sizes,
    find: unschedulable(/Insufficient cpu/),
  },
  {
    id: 'noKvm',
    sentence: 'No node offers hardware virtualization (KVM).',
    advice:
      'Turn on virtualization in the firmware of the nodes, or nested virtualization where they are virtual themselves.',
    tone: 'danger',
    fix: nodes,
    find: unschedulable(/Insufficient devices\.kubevirt\.io\/kvm/),
  },
  {
    id: 'noDevice',
    sentence: 'No node has a free device {{device}}.',
    advice: 'Remove the device from the virtual machine, or free one on a node.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'configuration', label: 'Edit devices' },
    find: unschedulable(/Insufficient (?<device>[\w.-]+\/[\w.-]*\w)/),
  },
  {
    id: 'nodeSelector',
    sentence: 'No node has the labels that it asks for.',
    advice: 'Change its node selector or affinity, or label a node.',
    tone: 'danger',
    fix: scheduling,
    find: unschedulable(/didn't match Pod's node affinity\/selector/),
  },
  {
    id: 'podAffinity',
    sentence: 'Its rules about what it may run beside leave no node.',
    advice: 'Change its affinity rules, or move the virtual machines that they speak of.',
    tone: 'danger',
    fix: scheduling,
    find: unschedulable(/didn't (?:match|satisfy) .*(?:anti-affinity|pod affinity) rules/),
  },
  {
    id: 'topologySpread',
    sentence: 'Its topology spread constraints leave no node.',
    advice: 'Loosen the constraints, or add a node in another zone.',
    tone: 'danger',
    fix: scheduling,
    find: unschedulable(/topology spread constraints/),
  },
  {
    id: 'taint',
    sentence: 'All nodes keep it away by a taint that it does not tolerate.',
    advice: 'Give it a toleration, or remove the taint from a node.',
    tone: 'danger',
    fix: scheduling,
    find: unschedulable(/untolerated taint/),
  },
  {
    id: 'cordoned',
    sentence: 'All nodes that could take it are cordoned.',
    advice: 'Uncordon a node once its maintenance is over.',
    tone: 'danger',
    fix: nodes,
    find: unschedulable(/node\(s\) were unschedulable/),
  },
  {
    id: 'unschedulable',
    sentence: 'No node can take it.',
    advice:
      'Free capacity by stopping another virtual machine, or give this one less CPU or memory.',
    tone: 'danger',
    fix: nodes,
    find: (situation) => {
      // Of a claim that is missing KubeVirt says so too, before there is a pod.
      if (fromCondition(situation, 'Synchronized', 'False', { reason: /^FailedPvcNotFound$/ })) {
        return undefined;
      }
      return (
        fromCondition(situation, 'PodScheduled', 'False', { reason: /^Unschedulable$/ }) ??
        fromStatus(situation, 'ErrorUnschedulable')
      );
    },
  },
];

/** A printable status that is trouble by itself, also when no condition says why. */
export function fromStatus({ vm }: Situation, ...statuses: string[]): Finding | undefined {
  const status = vm.status?.printableStatus ?? '';
  return statuses.includes(status) ? { reason: status, message: '' } : undefined;
}
