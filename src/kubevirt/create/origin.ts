import {
  diskDraft,
  type DraftSource,
  freeName,
  podNic,
  rootDisk,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';

/** Where the system of a VM comes from: the content of its first disk, or something else. */
export type Origin = DraftSource['kind'] | 'network' | 'vm' | 'vmSnapshot' | 'template';

export function originOf({ copy, template, disks, nics }: VmDraft): Origin {
  if (copy) return copy.kind === 'VirtualMachine' ? 'vm' : 'vmSnapshot';
  if (template) return 'template';
  const kind = disks[0]?.source.kind ?? 'blank';
  const boots = nics.some(({ bootOrder }) => bootOrder === 1);
  return boots && kind === 'blank' ? 'network' : kind;
}

/** An empty source of a kind, to be filled in. */
export function emptySource(kind: DraftSource['kind'], namespace: string): DraftSource {
  switch (kind) {
    case 'dataSource':
    case 'clone':
    case 'snapshot':
      return { kind, namespace, name: '' };
    case 'url':
      return { kind, url: '' };
    case 'registry':
      return { kind, url: '' };
    case 'blank':
    case 'none':
      return { kind };
    case 'dataVolume':
    case 'claim':
    case 'configMap':
    case 'secret':
      return { kind, name: '' };
    case 'containerDisk':
      return { kind, image: '' };
  }
}

export function withSource(draft: VmDraft, source: DraftSource): VmDraft {
  const [root = diskDraft(rootDisk, source), ...others] = draft.disks;
  return { ...draft, disks: [{ ...root, source }, ...others] };
}

/** The draft with another origin, which is to be filled in; what else was typed stays. */
export function withOrigin(before: VmDraft, origin: Origin): VmDraft {
  const draft = { ...withoutNetworkBoot(before), copy: undefined, template: undefined };
  switch (origin) {
    case 'vm':
    case 'vmSnapshot':
      return {
        ...draft,
        copy: {
          kind: origin === 'vm' ? 'VirtualMachine' : 'VirtualMachineSnapshot',
          ...{ name: '', start: false, cores: undefined, memory: undefined },
        },
      };
    case 'template':
      return {
        ...draft,
        template: { kind: 'VirtualMachineTemplate', namespace: '', name: '', values: {} },
      };
    case 'network':
      return withNetworkBoot(draft);
    default:
      return withSource(draft, emptySource(origin, draft.namespace));
  }
}

/** Network first, then the disk that the installation from there fills. */
function withNetworkBoot(before: VmDraft): VmDraft {
  const draft = withSource(before, { kind: 'blank' });
  const [first, ...disks] = draft.disks;
  const at = draft.nics.findIndex(({ network }) => network !== 'pod');
  const names = draft.nics.map(({ name }) => name);
  const nics =
    at >= 0
      ? draft.nics
      : [
          ...draft.nics,
          { ...podNic, name: freeName('nic', names), network: '', binding: 'bridge' as const },
        ];
  const boots = at >= 0 ? at : nics.length - 1;
  return {
    ...draft,
    disks: first ? [{ ...first, bootOrder: 2 }, ...disks] : [],
    nics: nics.map((nic, index) => ({ ...nic, bootOrder: index === boots ? 1 : undefined })),
  };
}

function withoutNetworkBoot(draft: VmDraft): VmDraft {
  if (originOf(draft) !== 'network') return draft;
  return {
    ...draft,
    disks: draft.disks.map((disk, index) =>
      index === 0 ? { ...disk, bootOrder: undefined } : disk,
    ),
    // One that was added for it and not filled in goes again.
    nics: draft.nics.flatMap((nic) =>
      nic.bootOrder === 1 && nic.network === '' ? [] : [{ ...nic, bootOrder: undefined }],
    ),
  };
}
