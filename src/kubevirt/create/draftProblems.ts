import { toBytes } from '~/kubevirt/create/amount';
import { readXml } from '~/kubevirt/create/appliance/readXml';
import { cloudConfigMistake } from '~/kubevirt/create/cloudConfig';
import { diskProblems } from '~/kubevirt/create/diskProblems';
import { yamlVm } from '~/kubevirt/create/draftObjects';
import { draftNames, type DraftCopy, maxCount, type VmDraft } from '~/kubevirt/create/vmDraft';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';

export const steps = [
  'source',
  'compute',
  'storage',
  'network',
  'initialisation',
  'scheduling',
  'review',
] as const;
export type Step = (typeof steps)[number];

/** What keeps a draft from being created, and where it is mended. */
export interface Problem {
  step: Step;
  /** The field that shows it: `name`, `disk-0-size` ...; empty when none does. */
  field: string;
  text: string;
  /** What is put into the text. */
  values?: Readonly<Record<string, string>>;
  /** It can be created all the same, but would not come to run as things are. */
  isWarning?: true;
  /** `text` is no i18n key, but words of the server or of a parser, which stay as they are. */
  isVerbatim?: true;
  /** Nothing was given as yet: not to be held against somebody who is only getting there. */
  isMissing?: true;
}

const texts = {
  project: 'Choose a project',
  count: 'Give a whole number from 1 to 50.',
  whole: 'Give a whole number above 0.',
  size: 'Give a size above 0.',
  type: 'Choose an instance type.',
  sameName: 'Another one has this name.',
  shared: 'A disk that is there already can belong to one VM only: create one, or choose another.',
  mac: 'Give six pairs of hexadecimal digits, such as 02:00:00:12:34:56.',
  samePod: 'Only one interface can be on the pod network.',
  network: 'Choose a network.',
  primary: 'The user-defined network {{name}} of this project needs the binding l2bridge.',
  copied: 'Choose what is to be copied.',
  template: 'Take the template over first, or choose another source.',
  answers: 'Choose an object with the answers, or type them.',
  noXml: 'This is no XML that can be read.',
  bootOrder: 'Another device has this place.',
  maxSockets: 'Give a whole number that is not below the sockets.',
  maxMemory: 'Give a size that is not below the memory.',
  pages: 'Give a memory that is a multiple of the huge pages.',
  device: 'Choose a device.',
  port: 'Give a port from 1 to 65535.',
  samePort: 'Another service opens this port.',
  noPod: 'A service reaches the guest by the pod network, which it does not have.',
  ruleLabels: 'Give at least one label.',
  anyTaint: 'A value needs the key of the taint.',
} as const;

/** What can be seen without the server, which has the last word. */
export function draftProblems(draft: VmDraft): Problem[] {
  const project: Problem[] =
    draft.namespace === ''
      ? [{ step: 'source', field: 'namespace', text: texts.project, isMissing: true }]
      : [];
  if (draft.copy) return [...project, ...nameProblems(draft), ...copyProblems(draft.copy)];
  if (draft.template) {
    return [
      ...project,
      { step: 'source', field: 'template', text: texts.template, isMissing: true },
    ];
  }
  if (draft.yaml !== undefined) return [...project, ...yamlProblems(draft.yaml, draft.namespace)];
  return [
    ...project,
    ...nameProblems(draft),
    ...computeProblems(draft),
    ...disksProblems(draft),
    ...nicProblems(draft),
    ...serviceProblems(draft),
    ...placementProblems(draft),
    ...bootOrderProblems(draft),
    ...cloudInitProblems(draft),
    ...sysprepProblems(draft),
  ];
}

function yamlProblems(text: string, namespace: string): Problem[] {
  try {
    yamlVm(text, namespace);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ step: 'review', field: 'yaml', text: message, isVerbatim: true }];
  }
}

function nameProblems(draft: VmDraft): Problem[] {
  const { count } = draft;
  if (!Number.isInteger(count) || count < 1 || count > maxCount) {
    return [{ step: 'source', field: 'count', text: texts.count }];
  }
  // The last has the longest number.
  const mistake = draft.name === '' ? 'empty' : nameMistake(draftNames(draft).at(-1) ?? '');
  if (!mistake) return [];
  const problem: Problem = { step: 'source', field: 'name', text: nameTexts[mistake] };
  return [mistake === 'empty' ? { ...problem, isMissing: true } : problem];
}

function computeProblems({ compute, devices }: VmDraft): Problem[] {
  const at = (field: string, text: string): Problem => ({ step: 'compute', field, text });
  const ofDevices = devices.flatMap(({ deviceName }, index) =>
    deviceName === '' ? [{ ...at(`device-${index}`, texts.device), isMissing: true as const }] : [],
  );
  return [...sizeProblems(compute), ...ofDevices];
}

const pageBytes = { '': 1, '2Mi': 2 ** 21, '1Gi': 2 ** 30 } as const;

function sizeProblems(compute: VmDraft['compute']): Problem[] {
  const at = (field: string, text: string): Problem => ({ step: 'compute', field, text });
  if (compute.kind === 'instancetype') {
    return compute.type.name === '' ? [{ ...at('instancetype', texts.type), isMissing: true }] : [];
  }
  const { sockets, maxSockets, maxMemory } = compute;
  const bytes = toBytes(compute.memory);
  return [
    ...(['sockets', 'cores', 'threads'] as const).flatMap((field) =>
      Number.isInteger(compute[field]) && compute[field] > 0 ? [] : [at(field, texts.whole)],
    ),
    ...(bytes > 0 ? [] : [at('memory', texts.size)]),
    ...(bytes % pageBytes[compute.hugepages] === 0 ? [] : [at('memory', texts.pages)]),
    ...(maxSockets === undefined || (Number.isInteger(maxSockets) && maxSockets >= sockets)
      ? []
      : [at('maxSockets', texts.maxSockets)]),
    ...(maxMemory === undefined || toBytes(maxMemory) >= bytes
      ? []
      : [at('maxMemory', texts.maxMemory)]),
  ];
}

function disksProblems({ disks, count }: VmDraft): Problem[] {
  return disks.flatMap((disk, index): Problem[] => {
    // The first disk is what the VM begins with.
    const step = index === 0 ? ('source' as const) : ('storage' as const);
    const at = (field: string) => `disk-${index}-${field}`;
    const before = disks.slice(0, index).map(({ name }) => name);
    const { kind } = disk.source;
    const isShared = count > 1 && (kind === 'claim' || kind === 'dataVolume');
    return [
      ...diskProblems(disk, before).map(({ field, ...problem }) => ({
        ...problem,
        ...{ step: field === 'source' ? step : ('storage' as const), field: at(field) },
      })),
      ...(isShared ? [{ step, field: at('source'), text: texts.shared }] : []),
    ];
  });
}

function nicProblems({ nics }: VmDraft): Problem[] {
  return nics.flatMap((nic, index) => {
    const at = (field: string, text: string): Problem[] => [
      { step: 'network', field: `nic-${index}-${field}`, text },
    ];
    const before = nics.slice(0, index);
    const mistake = nameMistake(nic.name);
    return [
      ...(mistake ? at('name', nameTexts[mistake]) : []),
      ...(before.some(({ name }) => name === nic.name) ? at('name', texts.sameName) : []),
      ...(nic.network === '' ? at('network', texts.network) : []),
      ...(nic.network === 'pod' && before.some(({ network }) => network === 'pod')
        ? at('network', texts.samePod)
        : []),
      ...(nic.mac === '' || /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(nic.mac)
        ? []
        : at('mac', texts.mac)),
    ];
  });
}

/**
 * Of a project whose pod network is a user-defined one, by its name: KubeVirt's own bindings do not join
 * it (openshift-docs modules/virt-attaching-vm-to-primary-udn.adoc).
 */
export function primaryNetworkProblems(draft: VmDraft, name: string | undefined): Problem[] {
  const { nics, copy, template, yaml } = draft;
  if (name === undefined || copy || template || yaml !== undefined) return [];
  return nics.flatMap(({ network, binding }, index): Problem[] =>
    network === 'pod' && binding !== 'l2bridge'
      ? [
          {
            ...{ step: 'network', field: `nic-${index}-binding` },
            ...{ text: texts.primary, values: { name } },
          },
        ]
      : [],
  );
}

function serviceProblems({ services, nics }: VmDraft): Problem[] {
  const isReached = nics.some(({ network }) => network === 'pod');
  return services.flatMap(({ port }, index): Problem[] => {
    const at = (text: string): Problem => ({ step: 'network', field: `service-${index}`, text });
    if (port === undefined) return [{ ...at(texts.port), isMissing: true }];
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return [at(texts.port)];
    if (services.slice(0, index).some((one) => one.port === port)) return [at(texts.samePort)];
    return isReached ? [] : [at(texts.noPod)];
  });
}

function placementProblems({ rules, tolerations }: VmDraft): Problem[] {
  const step = 'scheduling' as const;
  return [
    ...rules.flatMap(({ labels }, index): Problem[] =>
      labels.some(([key]) => key !== '')
        ? []
        : [{ step, field: `rule-${index}`, text: texts.ruleLabels, isMissing: true }],
    ),
    ...tolerations.flatMap(({ key, value }, index): Problem[] =>
      key === '' && value !== ''
        ? [{ step, field: `toleration-${index}`, text: texts.anyTaint }]
        : [],
    ),
  ];
}

/** Two devices of the same place are refused (KubeVirt vmi-create-admitter.go at d923fdb). */
function bootOrderProblems({ disks, nics }: VmDraft): Problem[] {
  const places = [
    ...disks.map(({ bootOrder }, index) => ({
      ...{ bootOrder, step: 'storage' as const, field: `disk-${index}-boot` },
    })),
    ...nics.map(({ bootOrder }, index) => ({
      ...{ bootOrder, step: 'network' as const, field: `nic-${index}-boot` },
    })),
  ].filter(({ bootOrder }) => bootOrder !== undefined);
  return places.flatMap(({ bootOrder, step, field }, index): Problem[] => {
    if (!Number.isInteger(bootOrder) || (bootOrder ?? 0) < 1) {
      return [{ step, field, text: texts.whole }];
    }
    const isTaken = places.slice(0, index).some((one) => one.bootOrder === bootOrder);
    return isTaken ? [{ step, field, text: texts.bootOrder }] : [];
  });
}

function copyProblems({ name, cores, memory }: DraftCopy): Problem[] {
  const at = (field: string, text: string): Problem => ({ step: 'source', field, text });
  return [
    ...(name === '' ? [{ ...at('copy', texts.copied), isMissing: true as const }] : []),
    ...(cores === undefined || (Number.isInteger(cores) && cores > 0)
      ? []
      : [at('copy-cores', texts.whole)]),
    ...(memory === undefined || toBytes(memory) > 0 ? [] : [at('copy-memory', texts.size)]),
  ];
}

function sysprepProblems({ sysprep: { kind, name, text } }: VmDraft): Problem[] {
  const at = (found: string): Problem => ({
    ...{ step: 'initialisation', field: 'sysprep', text: found },
  });
  if (kind === '') return [];
  if (kind === 'typed' ? text.trim() === '' : name === '') {
    return [{ ...at(texts.answers), isMissing: true }];
  }
  return kind === 'typed' && readXml(text) === undefined ? [at(texts.noXml)] : [];
}

function cloudInitProblems({ userData, networkData }: VmDraft): Problem[] {
  const mistakes = {
    userData: cloudConfigMistake(userData),
    // Network data is YAML always; the header is what the check goes by.
    networkData:
      networkData === '' ? undefined : cloudConfigMistake(`#cloud-config\n${networkData}`),
  };
  return Object.entries(mistakes).flatMap(([field, text]) =>
    text === undefined
      ? []
      : [{ step: 'initialisation' as const, field, text, isVerbatim: true as const }],
  );
}
