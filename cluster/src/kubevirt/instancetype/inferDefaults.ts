import { hasReason } from '../../apiserver/ApiError.ts';
import { type DataVolume, dataSources, dataVolumes } from '../../cdi/resources.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { persistentVolumeClaims } from '../../client/resources.ts';
import type { VirtualMachine } from '../resources.ts';
import type { MatcherField } from './findSpecs.ts';
import { instancetypeLabels } from './resources.ts';

/** The volume tells of no default: with the failure policy Ignore the VM does without. */
class NothingInferred extends Error {}

interface Inferred {
  name: string;
  kind?: string;
}

const labels = {
  instancetype: {
    name: instancetypeLabels.defaultInstancetype,
    kind: instancetypeLabels.defaultInstancetypeKind,
  },
  preference: {
    name: instancetypeLabels.defaultPreference,
    kind: instancetypeLabels.defaultPreferenceKind,
  },
} as const;

/**
 * Replaces `inferFromVolume` of a matcher by what the labels of the volume's DataVolume, DataSource or
 * claim say, in place. Rejects with KubeVirt's sentence when they say nothing and the failure policy is
 * not Ignore. KubeVirt: pkg/instancetype/infer (d923fdb).
 */
export async function inferDefaults(client: KubeClient, vm: VirtualMachine): Promise<void> {
  await inferMatcher(client, vm, 'instancetype');
  await inferMatcher(client, vm, 'preference');
}

async function inferMatcher(
  client: KubeClient,
  vm: VirtualMachine,
  field: MatcherField,
): Promise<void> {
  const matcher = vm.spec[field];
  if (!matcher?.inferFromVolume) return;
  const ignores = matcher.inferFromVolumeFailurePolicy === 'Ignore';
  try {
    const inferred = await new Inference(client, vm, field).fromVolume(matcher.inferFromVolume);
    // The memory of a template was there for the case that nothing can be inferred.
    if (ignores && field === 'instancetype') delete vm.spec.template.spec?.domain.memory;
    vm.spec[field] = inferred;
  } catch (error) {
    if (!ignores || !(error instanceof NothingInferred)) throw error;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- one of two known fields
    delete vm.spec[field];
  }
}

class Inference {
  readonly #client: KubeClient;
  readonly #vm: VirtualMachine;
  readonly #labels: { name: string; kind: string };

  constructor(client: KubeClient, vm: VirtualMachine, field: MatcherField) {
    this.#client = client;
    this.#vm = vm;
    this.#labels = labels[field];
  }

  fromVolume(name: string): Promise<Inferred> {
    const volume = this.#vm.spec.template.spec?.volumes?.find((one) => one.name === name);
    if (!volume) throw new Error(`unable to find volume ${name} to infer defaults`);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined) return this.#fromClaim(claim, this.#namespace);
    if (volume.dataVolume) return this.#fromDataVolume(volume.dataVolume.name);
    throw new NothingInferred(
      `unable to infer defaults from volume ${name} as type is not supported`,
    );
  }

  get #namespace(): string {
    return this.#vm.metadata.namespace ?? '';
  }

  #fromLabels(labels: Record<string, string> | undefined): Inferred {
    const name = labels?.[this.#labels.name];
    if (name === undefined) {
      throw new NothingInferred(`unable to find required ${this.#labels.name} label on the volume`);
    }
    const kind = labels?.[this.#labels.kind];
    return { name, ...(kind && { kind }) };
  }

  async #fromClaim(name: string, namespace: string): Promise<Inferred> {
    const claim = await this.#client.get(persistentVolumeClaims, { name, namespace });
    return this.#fromLabels(claim.metadata.labels);
  }

  async #fromDataVolume(name: string): Promise<Inferred> {
    const template = this.#vm.spec.dataVolumeTemplates?.find((one) => one.metadata?.name === name);
    // The API's types of the two packages describe the same object.
    if (template) return this.#fromSpec(template.spec as DataVolume['spec']);
    let dataVolume: DataVolume;
    try {
      dataVolume = await this.#client.get(dataVolumes, { name, namespace: this.#namespace });
    } catch (error) {
      // CDI may have removed it after its import; the claim has its name.
      if (hasReason(error, 'NotFound')) return this.#fromClaim(name, this.#namespace);
      throw error;
    }
    try {
      return this.#fromLabels(dataVolume.metadata.labels);
    } catch (error) {
      if (!(error instanceof NothingInferred)) throw error;
      return this.#fromSpec(dataVolume.spec);
    }
  }

  #fromSpec({ source, sourceRef }: DataVolume['spec']): Promise<Inferred> {
    if (source?.pvc) return this.#fromClaim(source.pvc.name, source.pvc.namespace);
    if (!sourceRef) {
      throw new NothingInferred(
        'unable to infer defaults from DataVolumeSpec as DataVolumeSource is not supported',
      );
    }
    if (sourceRef.kind !== 'DataSource') {
      throw new NothingInferred(
        `unable to infer defaults from DataVolumeSourceRef as Kind ${sourceRef.kind} is not supported`,
      );
    }
    return this.#fromDataSource(sourceRef.name, sourceRef.namespace ?? this.#namespace);
  }

  async #fromDataSource(name: string, namespace: string): Promise<Inferred> {
    const { metadata, spec } = await this.#client.get(dataSources, { name, namespace });
    try {
      return this.#fromLabels(metadata.labels);
    } catch (error) {
      if (!(error instanceof NothingInferred)) throw error;
    }
    const { pvc } = spec.source;
    if (pvc) return this.#fromClaim(pvc.name, pvc.namespace);
    throw new NothingInferred(
      "unable to infer defaults from DataSource that doesn't provide DataVolumeSourcePVC or DataVolumeSourceSnapshot",
    );
  }
}
