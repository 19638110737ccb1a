import { applyPatch, type Operation } from 'fast-json-patch/commonjs/core.js';

import { annotations } from '../../../cdi/claims.ts';
import type { Draft } from '../../../client/KubeClient.ts';
import type { VirtualMachine } from '../../resources.ts';
import { withoutMemoryDumps } from '../memorydump/memoryDumpVolume.ts';

type Spec = VirtualMachine['spec'];

/** A VM's spec with its volumes led to other claims: the name of the new one by the volume's name. */
export function withClaims(original: Spec, claims: ReadonlyMap<string, string>): Spec {
  const spec = structuredClone(original);
  const renamed = new Map<string, string>();
  for (const volume of spec.template.spec?.volumes ?? []) {
    const claim = claims.get(volume.name);
    if (claim === undefined) continue;
    if (volume.dataVolume) {
      renamed.set(volume.dataVolume.name, claim);
      volume.dataVolume.name = claim;
    } else if (volume.persistentVolumeClaim) {
      volume.persistentVolumeClaim.claimName = claim;
    }
  }
  for (const template of spec.dataVolumeTemplates ?? []) {
    const claim = renamed.get(template.metadata?.name ?? '');
    if (claim === undefined) continue;
    // Its DataVolume takes the claim as it is and fills nothing.
    const marks = { ...template.metadata?.annotations, [annotations.prePopulated]: claim };
    template.metadata = { ...template.metadata, name: claim, annotations: marks };
  }
  return spec;
}

/**
 * A VM made from another one's: with an identity of its own. It is not started. KubeVirt:
 * pkg/storage/snapshot/restore.go (d923fdb).
 */
export function newVmFrom(
  { metadata, spec }: Pick<VirtualMachine, 'metadata' | 'spec'>,
  name: string,
  claims: ReadonlyMap<string, string>,
): Draft<VirtualMachine> {
  const made = withClaims(spec, claims);
  // A memory dump is its source's.
  if (made.template.spec) made.template.spec = withoutMemoryDumps(made.template.spec);
  delete made.running;
  made.runStrategy = 'Halted';
  const { domain } = made.template.spec ?? {};
  if (domain?.firmware) {
    delete domain.firmware.uuid;
    delete domain.firmware.serial;
  }
  for (const nic of domain?.devices.interfaces ?? []) delete nic.macAddress;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      ...(metadata.labels && { labels: metadata.labels }),
      ...(metadata.annotations && { annotations: metadata.annotations }),
    },
    spec: made,
  };
}

/** The VM with JSON patches (RFC 6902, one operation each), which virt-api has checked. */
export function patched<T extends object>(vm: T, patches: readonly string[]): T {
  const operations = patches.map((text) => JSON.parse(text) as Operation);
  return applyPatch(structuredClone(vm), operations, false, true).newDocument;
}
