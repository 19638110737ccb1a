import { onTestFinished } from 'vitest';

import { hasReason } from '../../src/apiserver/ApiError.ts';
import type {
  KubeClient,
  KubeObject,
  ObjectKey,
  ResourceRef,
} from '../../src/client/KubeClient.ts';
import { type Event, events } from '../../src/client/resources.ts';
import {
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';

const patienceMs = process.env['CONTROL_PLANE'] === 'https' ? 60_000 : 30_000;
/** A guest that boots under emulation beside other tests. */
export const bootPatienceMs = 50_000;

/** The object as soon as it is as wanted; looks at what is there, then at each change. */
export function until<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef<T>,
  key: ObjectKey,
  wanted: (object: T) => boolean,
  patience = patienceMs,
): Promise<T> {
  const pick = (object: T | undefined) => object && wanted(object) && object;
  return watchUntil(client, resource, key, pick, patience);
}

/** Resolves once there is no such object. */
export async function untilGone(
  client: KubeClient,
  resource: ResourceRef,
  key: ObjectKey,
): Promise<void> {
  await watchUntil(client, resource, key, (object) => !object);
}

async function watchUntil<T extends KubeObject, R>(
  client: KubeClient,
  resource: ResourceRef<T>,
  key: ObjectKey,
  pick: (object: T | undefined) => R | false | undefined,
  patience = patienceMs,
): Promise<R> {
  const options = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` };
  const list = await client.list(resource, options);
  let last: T | undefined = list.items[0];
  const there = pick(last);
  if (there !== false && there !== undefined) return there;
  return new Promise<R>((resolve, reject) => {
    const end = (act: () => void) => {
      clearTimeout(timer);
      stop();
      act();
    };
    const timer = setTimeout(() => {
      const shown = JSON.stringify(last, undefined, 1);
      end(() => reject(new Error(`${resource.kind} ${key.name} is not as wanted: ${shown}`)));
    }, patience);
    const stop = client.watch(
      resource,
      { ...options, resourceVersion: list.resourceVersion },
      ({ type, object }) => {
        last = type === 'DELETED' ? undefined : object;
        const picked = pick(last);
        if (picked !== false && picked !== undefined) end(() => resolve(picked));
      },
      (error) => end(() => reject(error ?? new Error('the watch ended'))),
    );
  });
}

const inDefault = (name: string) => ({ namespace: 'default', name });

export function untilVm(
  client: KubeClient,
  name: string,
  wanted: string | ((vm: VirtualMachine) => boolean),
): Promise<VirtualMachine> {
  const test = (vm: VirtualMachine) =>
    typeof wanted === 'string' ? vm.status?.printableStatus === wanted : wanted(vm);
  return until(client, virtualMachines, inDefault(name), test);
}

export function untilVmi(
  client: KubeClient,
  name: string,
  wanted: string | ((vmi: VirtualMachineInstance) => boolean),
  patience = patienceMs,
): Promise<VirtualMachineInstance> {
  const test = (vmi: VirtualMachineInstance) =>
    typeof wanted === 'string' ? vmi.status?.phase === wanted : wanted(vmi);
  return until(client, virtualMachineInstances, inDefault(name), test, patience);
}

/** The values that an object's changes go through from now on, each once in a row. */
export async function record<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef<T>,
  name: string,
  pick: (object: T) => string | undefined,
): Promise<string[]> {
  const { resourceVersion } = await client.list(resource);
  const seen: string[] = [];
  const stop = client.watch(
    resource,
    { resourceVersion, fieldSelector: `metadata.name=${name}` },
    ({ type, object }) => {
      const value = type === 'DELETED' ? 'deleted' : pick(object);
      if (value !== undefined && seen.at(-1) !== value) seen.push(value);
    },
    () => undefined,
  );
  onTestFinished(stop);
  return seen;
}

/** The events of an object, oldest first. */
export async function eventsOf(client: KubeClient, object: KubeObject): Promise<Event[]> {
  const { items } = await client.list(events, { namespace: object.metadata.namespace });
  return items
    .filter(({ involvedObject }) => involvedObject.uid === object.metadata.uid)
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
}

/** The object, or undefined when there is none. */
export async function find<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef<T>,
  name: string,
): Promise<T | undefined> {
  try {
    return await client.get(resource, inDefault(name));
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
