import type {
  V1VirtualMachine,
  V1VirtualMachineInstanceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/** A copy of a VM with changes; what they do not touch stays as it is, known to us or not. */
export function editVm(
  vm: V1VirtualMachine,
  change: (draft: V1VirtualMachine, spec: V1VirtualMachineInstanceSpec) => void,
): V1VirtualMachine {
  const draft = structuredClone(vm);
  draft.spec.template.spec ??= { domain: { devices: {} } };
  change(draft, draft.spec.template.spec);
  return draft;
}

/** The template's spec; an empty one for a VM without. */
export function templateSpec(vm: V1VirtualMachine): V1VirtualMachineInstanceSpec {
  return vm.spec.template.spec ?? { domain: { devices: {} } };
}
