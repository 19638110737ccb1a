import type { V1Disk, V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { badRequest, type ApiError } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import {
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../resources.ts';
import { isHotpluggable } from '../../virt-controller/live-update/hotplugVolumes.ts';
import { claimName } from '../../virt-controller/templates.ts';
import { bodyField, getVm, getVmi, isDryRun, vmConflict, vmiConflict } from './lookup.ts';

type Spec = VirtualMachineInstance['spec'];
type Refuse = (why: string) => ApiError;

const accepted: ApiReply = { code: 202, empty: true };

/**
 * Adds a volume to a VM, from where it comes to its instance; rules of pkg/virt-api/rest/subresource.go,
 * VMAddVolumeRequestHandler (d923fdb) without the legacy gate HotplugVolumes.
 */
export async function addVolume(request: ApiRequest): Promise<ApiReply> {
  const change = additionOf(request);
  const vm = await getVm(request);
  return changeVm(
    request,
    change(vm.spec.template.spec, (why) => vmConflict(vm.metadata.name, why)),
  );
}

export async function removeVolume(request: ApiRequest): Promise<ApiReply> {
  const change = removalOf(request);
  const vm = await getVm(request);
  return changeVm(
    request,
    change(vm.spec.template.spec, (why) => vmConflict(vm.metadata.name, why)),
  );
}

export const addInstanceVolume = (request: ApiRequest) => changeVmi(request, additionOf(request));
export const removeInstanceVolume = (request: ApiRequest) => changeVmi(request, removalOf(request));

type Change = (spec: Spec | undefined, refuse: Refuse) => Spec;

function additionOf(request: ApiRequest): Change {
  const name = nameOf(request, 'AddVolumeOptions');
  const disk = bodyField(request, 'disk');
  const source = bodyField(request, 'volumeSource');
  if (!isObject(disk)) throw badRequest('AddVolumeOptions requires disk to not be nil');
  if (!isObject(source)) throw badRequest('AddVolumeOptions requires VolumeSource to not be nil');
  const { persistentVolumeClaim: claim, dataVolume } = source as Partial<V1Volume>;
  const added: V1Volume = {
    name,
    ...(claim && { persistentVolumeClaim: { ...claim, hotpluggable: true } }),
    ...(dataVolume && { dataVolume: { ...dataVolume, hotpluggable: true } }),
  };
  const wanted = claimName(added);
  if (!wanted)
    throw badRequest('AddVolumeOptions requires a dataVolume or a persistentVolumeClaim');
  // The API server checks the disk by its schema when the spec is written.
  const withName = { ...(disk as Partial<V1Disk>), name };
  return (spec, refuse) => {
    const volumes = spec?.volumes ?? [];
    if (volumes.some((volume) => volume.name === name)) {
      throw refuse(`Unable to add volume [${name}] because volume with that name already exists`);
    }
    if (volumes.some((volume) => claimName(volume) === wanted)) {
      throw refuse(`Unable to add volume source [${wanted}] because it already exists`);
    }
    const base: Spec = spec ?? { domain: { devices: {} } };
    const { domain } = base;
    const disks = (domain.devices.disks ?? []).filter((other) => other.name !== name);
    const devices = { ...domain.devices, disks: [...disks, withName] };
    return { ...base, volumes: [...volumes, added], domain: { ...domain, devices } };
  };
}

function removalOf(request: ApiRequest): Change {
  const name = nameOf(request, 'RemoveVolumeOptions');
  return (spec, refuse) => {
    const volume = spec?.volumes?.find((one) => one.name === name);
    if (!spec || !volume) {
      throw refuse(`Unable to remove volume [${name}] because it does not exist`);
    }
    if (!isHotpluggable(volume)) {
      throw refuse(`Unable to remove volume [${name}] because it is not hotpluggable`);
    }
    const { domain } = spec;
    // A drive stays when its medium goes.
    const disks = (domain.devices.disks ?? []).filter(
      (disk) => disk.name !== name || disk.cdrom !== undefined,
    );
    return {
      ...spec,
      volumes: (spec.volumes ?? []).filter((one) => one !== volume),
      domain: { ...domain, devices: { ...domain.devices, disks } },
    };
  };
}

async function changeVm(request: ApiRequest, spec: Spec): Promise<ApiReply> {
  const vm = await getVm(request);
  if (isDryRun(request)) return accepted;
  const { template } = vm.spec;
  await request.client.update(virtualMachines, {
    ...vm,
    spec: { ...vm.spec, template: { ...template, spec } },
  });
  return accepted;
}

async function changeVmi(request: ApiRequest, change: Change): Promise<ApiReply> {
  const vmi = await getVmi(request);
  const { name, namespace, ownerReferences } = vmi.metadata;
  if (ownerReferences?.some(({ kind }) => kind === virtualMachines.kind)) {
    throw badRequest(`VMI ${namespace ?? ''}/${name} is owned by a VM`);
  }
  const refuse: Refuse = (why) => vmiConflict(name, why);
  if (vmi.status?.phase !== 'Running') throw refuse('VMI is not running');
  const spec = change(vmi.spec, refuse);
  if (!isDryRun(request)) await request.client.update(virtualMachineInstances, { ...vmi, spec });
  return accepted;
}

function nameOf(request: ApiRequest, options: string): string {
  const name = bodyField(request, 'name');
  if (typeof name === 'string' && name !== '') return name;
  throw badRequest(`${options} requires name to be set`);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
