import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { GuestEnd, GuestEvent } from '../virt-launcher/GuestRuntime.ts';

/** Records what a guest did, in KubeVirt's words: pkg/virt-handler/vm.go (d923fdb). Its end is told by `tellEnd`. */
export function tellEvent(
  recorder: EventRecorder,
  vmi: VirtualMachineInstance,
  event: GuestEvent,
): void {
  switch (event.type) {
    case 'paused':
      recorder.normal(vmi, 'Paused', 'VirtualMachineInstance paused.');
      return;
    case 'resumed':
      recorder.normal(vmi, 'Unpaused', 'VirtualMachineInstance unpaused.');
      return;
    case 'reset':
      recorder.normal(vmi, 'Reset', 'VirtualMachineInstance reset.');
      return;
    case 'soft-rebooted':
      recorder.normal(vmi, 'SoftRebooted', 'VirtualMachineInstance soft rebooted');
      return;
    case 'freeze-failed':
      recorder.warning(vmi, 'FreezeError', `Failed to freeze VMI: ${event.message}`);
      return;
    case 'agent':
    case 'panicked':
    case 'ended':
  }
}

export function tellEnd(
  recorder: EventRecorder,
  vmi: VirtualMachineInstance,
  { end, detail }: { end: GuestEnd; detail: string },
): void {
  if (end === 'crashed') {
    const more = detail ? ` ${detail}` : '';
    recorder.warning(vmi, 'Stopped', `The VirtualMachineInstance crashed.${more}`);
  } else {
    recorder.normal(vmi, 'Stopped', 'The VirtualMachineInstance was shut down.');
  }
}
