/** The keys that give the keyboard back to the page; those of QEMU's own window. */
export const leaveKeysText = 'Ctrl+Alt+G';

/** Whether an event is the way out of a console, which otherwise takes every key. */
export function isLeaveKeys(event: { ctrlKey: boolean; altKey: boolean; code: string }): boolean {
  return event.ctrlKey && event.altKey && event.code === 'KeyG';
}
