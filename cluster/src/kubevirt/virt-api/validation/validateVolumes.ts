import type {
  V1CloudInitNoCloudSource,
  V1HostDisk,
  V1VirtualMachineInstanceSpec,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../../quantity.ts';
import type { ClusterConfiguration } from '../../clusterConfiguration.ts';
import { type Cause, invalid, required } from './Cause.ts';

const maximumUserDataBytes = 2048;

/** Rules 46 to 55 of the catalogue (ADM/vmi-create-admitter.go, d923fdb). */
export function validateVolumes(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
  { featureGates }: ClusterConfiguration,
): Cause[] {
  const volumes = spec.volumes ?? [];
  const twice = (['serviceAccount', 'memoryDump'] as const).flatMap((kind) =>
    volumes.filter((volume) => volume[kind]).length > 1
      ? [invalid(`${path}.volumes`, `${path}.volumes ${maximumOne[kind]}`)]
      : [],
  );
  const causes = volumes.flatMap((volume, index) => {
    const field = `${path}.volumes[${index}]`;
    const first = volumes.findIndex(({ name }) => name === volume.name);
    return [
      ...(first === index
        ? []
        : [
            invalid(
              `${field}.name`,
              `${path}.volumes[${first}] and ${field} must not have the same Name.`,
            ),
          ]),
      ...validateVolume(field, volume, featureGates),
    ];
  });
  return [...causes, ...twice];
}

const maximumOne = {
  serviceAccount: 'must have max one serviceAccount volume set',
  memoryDump: 'must have max one memory dump volume set',
};

function validateHostDisk(
  field: string,
  { path, type, capacity }: V1HostDisk,
  isAllowed: boolean,
): Cause[] {
  const at = (part: string) => `${field}.hostDisk.${part}`;
  const causes = isAllowed ? [] : [invalid(field, 'HostDisk feature gate is not enabled')];
  if (path === '') {
    const message = `${at('path')} is required for hostDisk volume`;
    causes.push({ reason: 'FieldValueNotFound', message, field: at('path') });
  }
  if (type !== 'Disk' && type !== 'DiskOrCreate') {
    const message = `${at('type')} has invalid value '${type}', allowed are 'Disk' or 'DiskOrCreate'`;
    causes.push(invalid(at('type'), message));
  }
  if (type === 'Disk' && (parseQuantity(capacity ?? '') ?? 0) > 0) {
    const message = `${at('capacity')} is allowed to pass only with ${at('type')} equal to 'DiskOrCreate'`;
    causes.push(invalid(at('capacity'), message));
  }
  return causes;
}

function validateVolume(
  field: string,
  volume: V1Volume,
  gates: ClusterConfiguration['featureGates'],
): Cause[] {
  const sources = Object.entries(volume).filter(
    ([key, value]) => key !== 'name' && value !== undefined && value !== null,
  );
  if (sources.length !== 1) {
    return [invalid(field, `${field} must have exactly one source type set`)];
  }
  if (volume.dataVolume && !volume.dataVolume.name) {
    return [required(`${field}.name`, "DataVolume 'name' must be set")];
  }
  if (volume.hostDisk) return validateHostDisk(field, volume.hostDisk, gates.has('HostDisk'));
  if (volume.downwardMetrics && !gates.has('DownwardMetrics')) {
    const message =
      'downwardMetrics disks are not allowed: DownwardMetrics feature gate is not enabled.';
    return [invalid(field, message)];
  }
  for (const kind of ['cloudInitNoCloud', 'cloudInitConfigDrive'] as const) {
    const source = volume[kind];
    if (source) return validateCloudInit(`${field}.${kind}`, source);
  }
  const names = [
    ['configMap.name', volume.configMap && (volume.configMap.name ?? '')],
    ['secret.secretName', volume.secret && (volume.secret.secretName ?? '')],
  ] as const;
  return names.flatMap(([part, name]) =>
    name === '' ? [invalid(`${field}.${part}`, `${field}.${part} is a required field`)] : [],
  );
}

function validateCloudInit(field: string, source: V1CloudInitNoCloudSource): Cause[] {
  const users = [source.userData, source.userDataBase64, source.secretRef].filter(Boolean);
  const networks = [
    source.networkData,
    source.networkDataBase64,
    source.networkDataSecretRef,
  ].filter(Boolean);
  if (users.length > 1) {
    return [invalid(field, `${field} must have only one userdatasource set.`)];
  }
  if (users.length + networks.length === 0) {
    return [
      invalid(
        field,
        `${field} must have at least one userdatasource or one networkdatasource set.`,
      ),
    ];
  }
  if (source.userDataBase64 && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(source.userDataBase64)) {
    return [
      invalid(`${field}.userDataBase64`, `${field}.userDataBase64 is not a valid base64 value.`),
    ];
  }
  return [
    ...validateSize(field, 'userdata', 'UserDataSecretRef', source.userData, source.userDataBase64),
    ...validateSize(
      field,
      'networkdata',
      'NetworkDataSecretRef',
      source.networkData,
      source.networkDataBase64,
    ),
  ];
}

function validateSize(
  field: string,
  what: string,
  instead: string,
  plain: string | undefined,
  base64: string | undefined,
): Cause[] {
  const size = plain ? Buffer.byteLength(plain) : Buffer.byteLength(base64 ?? '', 'base64');
  if (size <= maximumUserDataBytes) return [];
  return [
    invalid(
      field,
      `${field} ${what} exceeds ${maximumUserDataBytes} byte limit. Should use ${instead} for larger data.`,
    ),
  ];
}
