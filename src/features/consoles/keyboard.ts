/** One key: its X11 keysym, and its place on the keyboard as KeyboardEvent.code names it. */
export type Key = { keysym: number; code: string };

/** A key with the keys that are held for it. */
export type KeyStroke = Key & { shift: boolean; altGr: boolean };

export const shiftKey: Key = { keysym: 0xffe1, code: 'ShiftLeft' };
export const controlKey: Key = { keysym: 0xffe3, code: 'ControlLeft' };
export const altGrKey: Key = { keysym: 0xfe03, code: 'AltRight' };
export const altKey: Key = { keysym: 0xffe9, code: 'AltLeft' };

// Keysyms: X11 keysymdef.h.
const superKey: Key = { keysym: 0xffeb, code: 'MetaLeft' };
const deleteKey: Key = { keysym: 0xffff, code: 'Delete' };
const backspaceKey: Key = { keysym: 0xff08, code: 'Backspace' };
export const tabKey: Key = { keysym: 0xff09, code: 'Tab' };
const escapeKey: Key = { keysym: 0xff1b, code: 'Escape' };
export const enterKey: Key = { keysym: 0xff0d, code: 'Enter' };
const printKey: Key = { keysym: 0xff61, code: 'PrintScreen' };

function functionKey(number: number): Key {
  return { keysym: 0xffbd + number, code: `F${number}` };
}

function letterKey(letter: string): Key {
  return { keysym: letter.charCodeAt(0), code: `Key${letter.toUpperCase()}` };
}

/** Keys that a browser or the user's own desktop would keep for itself. */
export type KeyCombination = { label: string; keys: readonly Key[] };

export const keyCombinations: readonly KeyCombination[] = [
  { label: 'Ctrl+Alt+Delete', keys: [controlKey, altKey, deleteKey] },
  { label: 'Ctrl+Alt+Backspace', keys: [controlKey, altKey, backspaceKey] },
  { label: 'Alt+Tab', keys: [altKey, tabKey] },
  { label: 'Alt+F4', keys: [altKey, functionKey(4)] },
  { label: 'Ctrl+Esc', keys: [controlKey, escapeKey] },
  { label: 'Super', keys: [superKey] },
  { label: 'Super+L', keys: [superKey, letterKey('l')] },
  { label: 'Super+R', keys: [superKey, letterKey('r')] },
  { label: 'Print Screen', keys: [printKey] },
  ...['c', 'n', 't', 'w'].map((letter) => ({
    label: `Ctrl+${letter.toUpperCase()}`,
    keys: [controlKey, letterKey(letter)],
  })),
  ...[1, 2, 3, 4, 5, 6, 7].map((number) => ({
    label: `Ctrl+Alt+F${number}`,
    keys: [controlKey, altKey, functionKey(number)],
  })),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((number) => ({
    label: `F${number}`,
    keys: [functionKey(number)],
  })),
];
