import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VmActionItem } from '../actions/useVmActions';
import type { VmSituation } from './useVmSituation';

/** What every tab of the VM's page gets. */
export interface VmTabProps {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
  situation: VmSituation;
  actions: readonly VmActionItem[];
  /** Why the user may not change the VM; undefined when they may. */
  editReason: string | undefined;
}
