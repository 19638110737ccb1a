import { parseTypeKey } from '~/kubevirt/create/typeKey';
import type { TypeRef, VmDraft } from '~/kubevirt/create/vmDraft';

import { type Known, withBootSource } from './bootSourceDraft';

/** What an address of the wizard asks for; see `vmWizardPresetHref`. */
export interface Preset {
  instancetype: TypeRef | undefined;
  preference: TypeRef | undefined;
  /** `namespace/name`; empty for none. */
  source: string;
  /** Of the VM; empty for any. */
  project: string;
}

/** Undefined when the address asks for nothing. */
export function readPreset(search: string): Preset | undefined {
  const query = new URLSearchParams(search);
  const type = (key: string) => {
    const ref = parseTypeKey(query.get(key) ?? '');
    return ref.name === '' ? undefined : ref;
  };
  const preset = {
    ...{ instancetype: type('instancetype'), preference: type('preference') },
    ...{ source: query.get('source') ?? '', project: query.get('project') ?? '' },
  };
  const { instancetype, preference, source } = preset;
  return instancetype || preference || source !== '' ? preset : undefined;
}

/** The draft with what was asked for; all else that was typed stays. */
export function withPreset(draft: VmDraft, preset: Preset, known: Known): VmDraft {
  const form: VmDraft = { ...draft, yaml: undefined, copy: undefined, template: undefined };
  const project = { ...form, ...(preset.project !== '' && { namespace: preset.project }) };
  const sourced =
    preset.source === ''
      ? project
      : withBootSource(project, { value: preset.source, bytes: undefined }, known);
  const { instancetype, preference } = preset;
  return {
    ...sourced,
    ...(instancetype && { compute: { kind: 'instancetype', type: instancetype } }),
    ...(preference && { preference }),
  };
}
