import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/** Of a dialog that changes a part of a VM; it is there for as long as it is open. */
export interface VmEditorProps {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
  onClose: () => void;
}
