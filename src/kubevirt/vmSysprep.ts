import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { editVm, templateSpec } from '~/kubevirt/editVm';

/** Where the answer file of Windows' setup is; `name` is empty when there is none. */
export interface SysprepSource {
  kind: 'configMap' | 'secret';
  name: string;
}

/** The one source that a VM has (KubeVirt api/core/v1 schema.go, SysprepSource). */
export function readSysprep(vm: V1VirtualMachine): SysprepSource {
  const volume = (templateSpec(vm).volumes ?? []).find(({ sysprep }) => sysprep !== undefined);
  const { configMap, secret } = volume?.sysprep ?? {};
  if (secret) return { kind: 'secret', name: secret.name ?? '' };
  return { kind: 'configMap', name: configMap?.name ?? '' };
}

const usualName = 'sysprep';

/**
 * The VM with this source, as a CD-ROM on SATA, for which Windows has a driver; without one it loses the
 * volume and its disk.
 */
export function writeSysprep(
  vm: V1VirtualMachine,
  { kind, name }: SysprepSource,
): V1VirtualMachine {
  const now = readSysprep(vm);
  if (now.kind === kind && now.name === name) return vm;
  return editVm(vm, (_draft, spec) => {
    const { devices } = spec.domain;
    const old = (spec.volumes ?? []).find(({ sysprep }) => sysprep !== undefined);
    if (name === '') {
      spec.volumes = (spec.volumes ?? []).filter((one) => one !== old);
      devices.disks = (devices.disks ?? []).filter((disk) => disk.name !== old?.name);
      return;
    }
    const sysprep = kind === 'secret' ? { secret: { name } } : { configMap: { name } };
    if (old) {
      old.sysprep = sysprep;
      return;
    }
    spec.volumes = [...(spec.volumes ?? []), { name: usualName, sysprep }];
    devices.disks = [...(devices.disks ?? []), { name: usualName, cdrom: { bus: 'sata' } }];
  });
}
