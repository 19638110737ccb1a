import type {
  V1CloudInitConfigDriveSource,
  V1CloudInitNoCloudSource,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { hostnameOf } from '../guestNames.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { sshKeysFor } from './credentials.ts';
import type { ConfigSources } from './ConfigSources.ts';
import { writeIsoImage } from './writeIsoImage.ts';

/**
 * Writes the NoCloud seed of a guest: an image labelled `cidata` with meta-data, user-data and
 * network-config, as cloud-init looks for it (https://cloudinit.readthedocs.io, datasource NoCloud).
 * Rejects when a Secret that it names is not there.
 */
export async function writeNoCloudImage(
  image: string,
  vmi: VirtualMachineInstance,
  source: V1CloudInitNoCloudSource,
  sources: ConfigSources,
): Promise<void> {
  const { user, network } = await readData(vmi, source, sources);
  const keys = await sshKeysFor(vmi, 'noCloud', sources);
  const metadata = {
    'instance-id': vmi.spec.domain.firmware?.uuid ?? vmi.metadata.uid,
    'local-hostname': hostnameOf(vmi),
    ...(keys.length > 0 && { 'public-keys': numbered(keys) }),
  };
  await writeIsoImage(image, 'cidata', {
    'meta-data': JSON.stringify(metadata),
    'user-data': user ?? '#cloud-config\n',
    ...(network !== undefined && { 'network-config': network }),
  });
}

/** The same as a config drive of OpenStack: an image labelled `config-2`, datasource ConfigDrive. */
export async function writeConfigDriveImage(
  image: string,
  vmi: VirtualMachineInstance,
  source: V1CloudInitConfigDriveSource,
  sources: ConfigSources,
): Promise<void> {
  const { user, network } = await readData(vmi, source, sources);
  const keys = await sshKeysFor(vmi, 'configDrive', sources);
  const { name, namespace = '' } = vmi.metadata;
  const metadata = {
    instance_id: `${name}.${namespace}`,
    uuid: vmi.spec.domain.firmware?.uuid ?? vmi.metadata.uid,
    hostname: hostnameOf(vmi),
    ...(keys.length > 0 && { public_keys: numbered(keys) }),
  };
  const latest = 'openstack/latest';
  await writeIsoImage(image, 'config-2', {
    [`${latest}/meta_data.json`]: JSON.stringify(metadata),
    ...(user !== undefined && { [`${latest}/user_data`]: user }),
    ...(network !== undefined && { [`${latest}/network_data.json`]: network }),
  });
}

const numbered = (keys: string[]) =>
  Object.fromEntries(keys.map((key, index) => [String(index), key]));

/** User and network data, from the spec or from Secrets with KubeVirt's keys in either spelling. */
async function readData(
  vmi: VirtualMachineInstance,
  source: V1CloudInitNoCloudSource | V1CloudInitConfigDriveSource,
  sources: ConfigSources,
): Promise<{ user: string | Buffer | undefined; network: string | Buffer | undefined }> {
  const { namespace } = vmi.metadata;
  const fromSecret = async (name: string | undefined, keys: string[]) => {
    if (!name) return undefined;
    const data = await sources.secret(namespace, name);
    const key = keys.find((one) => data[one] !== undefined);
    if (key === undefined) throw new Error(`secret ${name} has no key ${keys.join(' or ')}`);
    return data[key];
  };
  return {
    user:
      text(source.userData, source.userDataBase64) ??
      (await fromSecret(source.secretRef?.name, ['userdata', 'userData'])),
    network:
      text(source.networkData, source.networkDataBase64) ??
      (await fromSecret(source.networkDataSecretRef?.name, ['networkdata', 'networkData'])),
  };
}

function text(plain: string | undefined, base64: string | undefined): string | undefined {
  if (plain !== undefined) return plain;
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString();
}
