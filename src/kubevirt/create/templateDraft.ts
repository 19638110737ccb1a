import { stringify } from 'yaml';

import type { NewObject } from '~/kubevirt/create/NewObject';
import { yamlVm } from '~/kubevirt/create/draftObjects';
import { readDraft } from '~/kubevirt/create/readDraft';
import type { VmDraft } from '~/kubevirt/create/vmDraft';
import { writeAt } from '~/kubevirt/catalog/fieldAt';

interface Made {
  vm: object | undefined;
  also: readonly NewObject[];
  template: { namespace: string; name: string };
}

/**
 * The draft of what a template makes: in the form where that can show all of it, else as YAML. Throws
 * with words when it makes no VM.
 */
export function templateDraft(draft: VmDraft, { vm, also, template }: Made): VmDraft {
  const { namespace } = draft;
  const labels = ['metadata', 'labels'];
  const named = writeAt(
    writeAt(vm ?? {}, [...labels, 'vm.kubevirt.io/template'], template.name),
    [...labels, 'vm.kubevirt.io/template.namespace'],
    template.namespace,
  );
  const yaml = stringify(named, { lineWidth: 0 });
  const object = yamlVm(yaml, namespace);
  const read = readDraft(object);
  const name = object.metadata?.name ?? draft.name;
  const taken = { ...draft, name, count: 1, template: undefined, copy: undefined, also };
  return read ? { ...taken, ...read, also, services: draft.services } : { ...taken, yaml };
}
