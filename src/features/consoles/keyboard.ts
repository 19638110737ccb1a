/** One key: its X11 keysym, and its place on the keyboard as KeyboardEvent.code names it. */
export type Key = { keysym: number; code: string };

/** A key with the shift key held or not. */
export type KeyStroke = Key & { shift: boolean };

export const shiftKey: Key = { keysym: 0xffe1, code: 'ShiftLeft' };
export const controlKey: Key = { keysym: 0xffe3, code: 'ControlLeft' };
export const altKey: Key = { keysym: 0xffe9, code: 'AltLeft' };

// Keysyms: X11 keysymdef.h.
const superKey: Key = { keysym: 0xffeb, code: 'MetaLeft' };
const deleteKey: Key = { keysym: 0xffff, code: 'Delete' };
const backspaceKey: Key = { keysym: 0xff08, code: 'Backspace' };
const tabKey: Key = { keysym: 0xff09, code: 'Tab' };
const escapeKey: Key = { keysym: 0xff1b, code: 'Escape' };
const enterKey: Key = { keysym: 0xff0d, code: 'Enter' };
const printKey: Key = { keysym: 0xff61, code: 'PrintScreen' };

function functionKey(number: number): Key {
  return { keysym: 0xffbd + number, code: `F${number}` };
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
  { label: 'Print Screen', keys: [printKey] },
  ...[1, 2, 3, 4, 5, 6, 7].map((number) => ({
    label: `Ctrl+Alt+F${number}`,
    keys: [controlKey, altKey, functionKey(number)],
  })),
];

/** Codes of the printing keys of a US keyboard, with what they give without and with shift. */
const usKeys: readonly (readonly [code: string, plain: string, shifted: string])[] = [
  ['Backquote', '`', '~'],
  ['Digit1', '1', '!'],
  ['Digit2', '2', '@'],
  ['Digit3', '3', '#'],
  ['Digit4', '4', '$'],
  ['Digit5', '5', '%'],
  ['Digit6', '6', '^'],
  ['Digit7', '7', '&'],
  ['Digit8', '8', '*'],
  ['Digit9', '9', '('],
  ['Digit0', '0', ')'],
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ...Array.from(
    'abcdefghijklmnopqrstuvwxyz',
    (letter) => [`Key${letter.toUpperCase()}`, letter, letter.toUpperCase()] as const,
  ),
];

const strokes = new Map<string, KeyStroke>([
  ['\n', { ...enterKey, shift: false }],
  ['\t', { ...tabKey, shift: false }],
  [' ', { keysym: 0x20, code: 'Space', shift: false }],
  // The keysyms of ASCII are its code points.
  ...usKeys.flatMap(([code, plain, shifted]): [string, KeyStroke][] => [
    [plain, { keysym: plain.charCodeAt(0), code, shift: false }],
    [shifted, { keysym: shifted.charCodeAt(0), code, shift: true }],
  ]),
]);

/**
 * The strokes that type a text on a US keyboard, which is what a guest has until somebody sets
 * another layout in it: VNC transports places of keys, not letters. `skipped` are the characters
 * that have no place there.
 */
export function keyStrokes(text: string): { strokes: KeyStroke[]; skipped: string[] } {
  const typed: KeyStroke[] = [];
  const skipped = new Set<string>();
  for (const character of text.replaceAll(/\r\n?/g, '\n')) {
    const stroke = strokes.get(character);
    if (stroke === undefined) skipped.add(character);
    else typed.push(stroke);
  }
  return { strokes: typed, skipped: [...skipped] };
}
