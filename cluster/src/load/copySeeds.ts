import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fieldAt } from '../apiserver/json.ts';
import type { AnyObject } from '../apiserver/ResourceDefinition.ts';
import { ObjectStore } from '../apiserver/storage/ObjectStore.ts';
import { addressText, insideAddress } from '../cni/pod-network/addresses.ts';
import { podCidr } from '../kubelet/addresses.ts';
import { suspendedMarker } from '../kubevirt/virt-handler/GuestLauncher.ts';
import { generatedMac } from '../kubevirt/virt-launcher/toDomainSpec.ts';
import { seededKey } from './seedVirtualMachines.ts';

/** What a running virtual machine without disks consists of. */
const resources = [
  'virtualmachines.kubevirt.io',
  'virtualmachineinstances.kubevirt.io',
  'controllerrevisions.apps',
  'pods',
];

/** Store and disk take many writes at a time, but not all of them. */
const atATime = 250;

interface Template {
  resource: string;
  json: string;
  /** JSON too, or ''. */
  managedFields: string;
}

/**
 * Copies the first seeded virtual machine, with its instance, revision and pod, under the given numbers.
 * To be called while no control plane uses the folder: the copies are written as the cluster would have
 * left them when it was stopped, and the next start brings their guests up. To create so many one by one
 * takes minutes.
 */
export async function copySeeds(
  dataDir: string,
  indexes: readonly number[],
  nodes: number,
): Promise<void> {
  const store = new ObjectStore(join(dataDir, 'store'));
  try {
    const { namespace } = seededKey(0);
    const templates = resources.flatMap((resource) =>
      store
        .list(resource, namespace)
        .filter(isOfFirst)
        .map(({ object, managedFields }) => ({
          resource,
          json: JSON.stringify(object),
          managedFields,
        })),
    );
    const known = knownTexts(templates);
    for (let node = 1; node <= nodes; node += 1) {
      await mkdir(join(dataDir, 'nodes', `node-${node}`, 'guests'), { recursive: true });
    }
    const copySeed = (index: number): Promise<void>[] => {
      const texts = ownTexts(known, index, index % nodes);
      const copy = copier(texts);
      const writes = templates.map(({ resource, json, managedFields }) =>
        store.create(resource, JSON.parse(copy(json)) as AnyObject, copy(managedFields)),
      );
      const folder = join(dataDir, 'nodes', texts.get(known.node) ?? '', 'guests');
      const guest = join(folder, texts.get(known.instanceUid) ?? '');
      return [leaveSuspended(guest), ...writes.flatMap((write) => write?.durable ?? [])];
    };
    for (let from = 0; from < indexes.length; from += atATime) {
      await Promise.all(indexes.slice(from, from + atATime).flatMap(copySeed));
    }
  } finally {
    await store.close();
  }
}

/** The folder of a guest that the next start brings up again. */
async function leaveSuspended(guest: string): Promise<void> {
  await mkdir(guest);
  await writeFile(join(guest, suspendedMarker), '');
}

/** The virtual machine `vm-0` and what it owns. */
function isOfFirst({ object }: { object: AnyObject }): boolean {
  const { name } = seededKey(0);
  const owner = object.metadata.ownerReferences?.[0]?.name;
  return object.metadata.name === name || owner === name;
}

/** The texts in the objects of the first that every other has in its own way. */
function knownTexts(templates: readonly Template[]) {
  const objects = templates.map(({ json }) => JSON.parse(json) as AnyObject);
  const kind = (name: string) => objects.find((object) => object.kind === name);
  const text = (object: AnyObject | undefined, ...path: string[]) => {
    const value = fieldAt(object, path);
    if (typeof value !== 'string')
      throw new Error(`the first virtual machine has no ${path.join('.')}`);
    return value;
  };
  const instance = kind('VirtualMachineInstance');
  const interfaces: unknown = fieldAt(instance, ['status', 'interfaces']);
  const [nic] = Array.isArray(interfaces) ? (interfaces as AnyObject[]) : [];
  const firmware = text(instance, 'spec', 'domain', 'firmware', 'uuid');
  return {
    ...seededKey(0),
    node: text(instance, 'status', 'nodeName'),
    address: text(kind('Pod'), 'status', 'podIP'),
    mac: text(nic, 'mac'),
    nic: text(nic, 'name'),
    firmware,
    instanceUid: text(instance, 'metadata', 'uid'),
    uuids: [
      ...objects.map((object) => object.metadata.uid),
      text(instance, 'spec', 'domain', 'firmware', 'serial'),
    ],
  };
}

/** By known text, that of the virtual machine with the number. */
function ownTexts(
  known: ReturnType<typeof knownTexts>,
  index: number,
  nodeIndex: number,
): Map<string, string> {
  const { namespace, name } = seededKey(index);
  const [first, second] = podCidr(nodeIndex).split('.');
  // The lower half is for pods that come later.
  const host = 0x8000 + index;
  const address = `${first}.${second}.${(host >> 8) & 255}.${host & 255}`;
  const firmware = randomUUID();
  return new Map([
    [known.namespace, namespace],
    [known.name, name],
    [known.node, `node-${nodeIndex + 1}`],
    [known.address, address],
    [insideText(known.address), insideText(address)],
    [known.firmware, firmware],
    [known.mac, generatedMac(firmware, known.nic)],
    ...known.uuids.map((uuid): [string, string] => [uuid, randomUUID()]),
  ]);
}

/** The address by which other guests know the one that has this. */
const insideText = (address: string) => addressText(insideAddress(address) ?? 0);

/** Replaces the known texts by others, wherever they stand as words. */
function copier(texts: ReadonlyMap<string, string>): (json: string) => string {
  const pattern = [...texts.keys()].map((text) => text.replaceAll('.', '\\.')).join('|');
  const known = new RegExp(`\\b(?:${pattern})\\b`, 'g');
  return (json) => json.replace(known, (text) => texts.get(text) ?? text);
}
