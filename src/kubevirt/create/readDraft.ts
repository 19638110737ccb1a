import type {
  V1DataVolumeTemplateSpec,
  V1Disk,
  V1Interface,
  V1VirtualMachine,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { isRecord } from '~/k8s/isRecord';
import { sameJson } from '~/k8s/jsonPatch';
import { parseQuantity } from '~/k8s/quantity';
import { exactAmount } from '~/kubevirt/create/amount';
import { cloudInitDisk, draftVm, sysprepDisk } from '~/kubevirt/create/draftVm';
import { readRules, readTolerations } from '~/kubevirt/create/placement';
import {
  customCompute,
  type DraftCompute,
  type DraftDevice,
  type DraftDisk,
  diskCaches,
  type DraftNic,
  type DraftSource,
  type DraftSysprep,
  newDraft,
  noSysprep,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';
import { busesOf, type DiskKind } from '~/kubevirt/diskKinds';
import { nicBindings } from '~/kubevirt/nicEdit';
import { runStrategyOptions } from '~/kubevirt/settingOptions';

/**
 * The draft that gives this VM, so that what was written as YAML can be changed in the form.
 * `undefined` when the form cannot express all of it: nothing is dropped.
 */
export function readDraft(vm: V1VirtualMachine): VmDraft | undefined {
  const name = vm.metadata?.name ?? '';
  const draft = attempt(vm, name);
  return sameJson(draftVm(draft, name), vm) ? draft : undefined;
}

function attempt(vm: V1VirtualMachine, name: string): VmDraft {
  const spec = vm.spec.template.spec;
  const devices = spec?.domain.devices;
  const templates = vm.spec.dataVolumeTemplates ?? [];
  const volumes = spec?.volumes ?? [];
  const cloudInit = volumes.find((one) => one.name === cloudInitDisk)?.cloudInitNoCloud;
  return {
    ...newDraft(name, vm.metadata?.namespace ?? ''),
    description: vm.metadata?.annotations?.['description'] ?? '',
    labels: vm.metadata?.labels ?? {},
    instanceLabels: pairsOf(vm.spec.template.metadata?.labels),
    compute: readCompute(vm),
    devices: readDevices(vm),
    preference: typeRef(vm.spec.preference),
    firmware: firmwareOf(vm),
    disks: (devices?.disks ?? [])
      .filter((disk) => disk.name !== cloudInitDisk && disk.name !== sysprepDisk)
      .map((disk) => {
        const volume = volumes.find((one) => one.name === disk.name);
        return readDisk(disk, volume, templates);
      }),
    nics: (devices?.interfaces ?? []).map((one) => readNic(vm, one)),
    userData: cloudInit?.userData ?? '',
    networkData: cloudInit?.networkData ?? '',
    sshSecret: spec?.accessCredentials?.[0]?.sshPublicKey?.source.secret?.secretName ?? '',
    sysprep: readSysprep(volumes),
    runStrategy:
      runStrategyOptions.find(({ value }) => value === vm.spec.runStrategy)?.value ?? 'Halted',
    evictionStrategy: spec?.evictionStrategy ?? '',
    nodeSelector: pairsOf(spec?.nodeSelector),
    rules: readRules(spec?.affinity),
    tolerations: readTolerations(spec?.tolerations),
    priorityClass: spec?.priorityClassName ?? '',
  };
}

function pairsOf(labels: object | undefined): (readonly [string, string])[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
}

function readCompute(vm: V1VirtualMachine): DraftCompute {
  const type = typeRef(vm.spec.instancetype);
  if (type) return { kind: 'instancetype', type };
  const { cpu, memory } = vm.spec.template.spec?.domain ?? {};
  const most = parseQuantity(memory?.maxGuest);
  const pages = memory?.hugepages?.pageSize;
  return {
    ...customCompute,
    sockets: cpu?.sockets ?? 1,
    cores: cpu?.cores ?? 1,
    threads: cpu?.threads ?? 1,
    memory: exactAmount(parseQuantity(memory?.guest) ?? 0),
    maxSockets: cpu?.maxSockets,
    maxMemory: most === undefined ? undefined : exactAmount(most),
    isDedicated: cpu?.dedicatedCpuPlacement === true,
    hugepages: pages === '2Mi' || pages === '1Gi' ? pages : '',
  };
}

function readDevices(vm: V1VirtualMachine): DraftDevice[] {
  const { gpus = [], hostDevices = [] } = vm.spec.template.spec?.domain.devices ?? {};
  const of = (kind: DraftDevice['kind'], list: readonly { name: string; deviceName?: string }[]) =>
    list.map(({ name, deviceName = '' }): DraftDevice => ({ kind, name, deviceName }));
  return [...of('gpu', gpus), ...of('hostDevice', hostDevices)];
}

function typeRef(ref: { kind?: string; name?: string } | undefined) {
  return ref?.name === undefined ? undefined : { kind: ref.kind ?? '', name: ref.name };
}

function firmwareOf(vm: V1VirtualMachine): VmDraft['firmware'] {
  const bootloader = vm.spec.template.spec?.domain.firmware?.bootloader;
  if (bootloader?.bios) return 'BIOS';
  if (bootloader?.efi) return bootloader.efi.secureBoot === false ? 'UEFI' : 'SecureBoot';
  return '';
}

function readDisk(
  device: V1Disk,
  volume: V1Volume | undefined,
  templates: readonly V1DataVolumeTemplateSpec[],
): DraftDisk {
  const template = templates.find(({ metadata }) => {
    return isRecord(metadata) && metadata['name'] === volume?.dataVolume?.name;
  });
  const storage = template?.spec.storage;
  const requests: unknown = storage?.resources?.requests;
  const size = isRecord(requests) ? requests['storage'] : undefined;
  const kind: DiskKind = device.cdrom ? 'cdrom' : device.lun ? 'lun' : 'disk';
  const [mode] = storage?.accessModes ?? [];
  return {
    name: device.name,
    source: volume ? readSource(volume, template) : { kind: 'none' },
    size: exactAmount((typeof size === 'string' ? parseQuantity(size) : undefined) ?? 10 * 2 ** 30),
    storageClass: storage?.storageClassName ?? '',
    accessMode:
      (['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany'] as const).find((one) => one === mode) ??
      '',
    volumeMode: (['Filesystem', 'Block'] as const).find((one) => one === storage?.volumeMode) ?? '',
    kind,
    bus: busesOf(kind).find((one) => one === device[kind]?.bus) ?? '',
    cache: diskCaches.find((one) => one === device.cache) ?? '',
    bootOrder: device.bootOrder,
  };
}

function readSource(volume: V1Volume, template: V1DataVolumeTemplateSpec | undefined): DraftSource {
  if (volume.persistentVolumeClaim) {
    return { kind: 'claim', name: volume.persistentVolumeClaim.claimName };
  }
  if (volume.containerDisk) return { kind: 'containerDisk', image: volume.containerDisk.image };
  if (volume.configMap) return { kind: 'configMap', name: volume.configMap.name ?? '' };
  if (volume.secret) return { kind: 'secret', name: volume.secret.secretName ?? '' };
  if (!template) return { kind: 'dataVolume', name: volume.dataVolume?.name ?? '' };
  const { source, sourceRef } = template.spec;
  if (sourceRef) {
    return { kind: 'dataSource', namespace: sourceRef.namespace ?? '', name: sourceRef.name };
  }
  if (source?.http) return { kind: 'url', url: source.http.url };
  if (source?.registry?.url !== undefined) return { kind: 'registry', url: source.registry.url };
  if (source?.pvc) return { kind: 'clone', ...source.pvc };
  if (source?.snapshot) return { kind: 'snapshot', ...source.snapshot };
  return { kind: 'blank' };
}

function readSysprep(volumes: readonly V1Volume[]): DraftSysprep {
  const sysprep = volumes.find(({ name }) => name === sysprepDisk)?.sysprep;
  if (sysprep?.secret?.name) return { ...noSysprep, kind: 'Secret', name: sysprep.secret.name };
  if (sysprep?.configMap?.name) {
    return { ...noSysprep, kind: 'ConfigMap', name: sysprep.configMap.name };
  }
  return noSysprep;
}

function readNic(vm: V1VirtualMachine, one: V1Interface): DraftNic {
  const network = vm.spec.template.spec?.networks?.find(({ name }) => name === one.name);
  return {
    name: one.name,
    network: network?.multus?.networkName ?? 'pod',
    binding:
      one.binding?.name === 'l2bridge'
        ? 'l2bridge'
        : (nicBindings.find((binding) => one[binding] !== undefined) ?? 'masquerade'),
    model: one.model ?? '',
    mac: one.macAddress ?? '',
    isLinkUp: one.state !== 'down',
    bootOrder: one.bootOrder,
  };
}
