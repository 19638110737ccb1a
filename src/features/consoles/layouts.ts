import { enterKey, type KeyStroke, tabKey } from './keyboard';

/** The printing keys in four rows, as they lie on the keyboard. */
const rows: readonly (readonly string[])[] = [
  ['Backquote', ...Array.from('1234567890')].map((key) => (key.length === 1 ? `Digit${key}` : key)),
  Array.from('QWERTYUIOP', (key) => `Key${key}`),
  Array.from('ASDFGHJKL', (key) => `Key${key}`),
  ['IntlBackslash', ...Array.from('ZXCVBNM', (key) => `Key${key}`)],
];
const ends: readonly (readonly string[])[] = [
  ['Minus', 'Equal'],
  ['BracketLeft', 'BracketRight'],
  ['Semicolon', 'Quote', 'Backslash'],
  ['Comma', 'Period', 'Slash'],
];
const codes = rows.map((row, index) => [...row, ...(ends[index] ?? [])]);

/**
 * What the keys give alone and with shift, row by row; a space where there is nothing. `altGr` are
 * characters by their key; `dead` ones wait for the next key and come by a space.
 */
type LayoutTable = {
  plain: readonly string[];
  shifted: readonly string[];
  altGr?: Readonly<Record<string, string>>;
  dead?: string;
};

// Tables as of xkeyboard-config's symbols.
const tables = {
  us: {
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'\\", ' zxcvbnm,./'],
    shifted: ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"|', ' ZXCVBNM<>?'],
  },
  gb: {
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'#", '\\zxcvbnm,./'],
    shifted: ['¬!"£$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:@~', '|ZXCVBNM<>?'],
    altGr: { Digit4: '€' },
  },
  de: {
    plain: ['^1234567890ß´', 'qwertzuiopü+', 'asdfghjklöä#', '<yxcvbnm,.-'],
    shifted: ['°!"§$%&/()=?`', 'QWERTZUIOPÜ*', "ASDFGHJKLÖÄ'", '>YXCVBNM;:_'],
    altGr: {
      ...{ Digit2: '²', Digit3: '³', Digit7: '{', Digit8: '[', Digit9: ']', Digit0: '}' },
      ...{ Minus: '\\', KeyQ: '@', KeyE: '€', BracketRight: '~', IntlBackslash: '|', KeyM: 'µ' },
    },
    dead: '^´`',
  },
  fr: {
    plain: ['²&é"\'(-è_çà)=', 'azertyuiop^$', 'qsdfghjklmù*', '<wxcvbn,;:!'],
    shifted: [' 1234567890°+', 'AZERTYUIOP¨£', 'QSDFGHJKLM%µ', '>WXCVBN?./§'],
    altGr: {
      ...{ Digit2: '~', Digit3: '#', Digit4: '{', Digit5: '[', Digit6: '|', Digit7: '`' },
      ...{ Digit8: '\\', Digit0: '@', Minus: ']', Equal: '}', KeyE: '€' },
    },
    dead: '^¨~`',
  },
  es: {
    plain: ["º1234567890'¡", 'qwertyuiop`+', 'asdfghjklñ´ç', '<zxcvbnm,.-'],
    shifted: ['ª!"·$%&/()=?¿', 'QWERTYUIOP^*', 'ASDFGHJKLÑ¨Ç', '>ZXCVBNM;:_'],
    altGr: {
      ...{ Backquote: '\\', Digit1: '|', Digit2: '@', Digit3: '#', Digit4: '~', KeyE: '€' },
      ...{ BracketLeft: '[', BracketRight: ']', Quote: '{', Backslash: '}' },
    },
    dead: '`´^¨~',
  },
} satisfies Record<string, LayoutTable>;

export type Layout = keyof typeof tables;

/** Names as their users call them. */
export const layouts: readonly { value: Layout; label: string }[] = [
  { value: 'us', label: 'English (US)' },
  { value: 'gb', label: 'English (UK)' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
];

/** Keysym of a character: Latin-1 by itself, all others by their code point (X11 keysymdef.h). */
function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point <= 0xff ? point : 0x0100_0000 + point;
}

const space: KeyStroke = { keysym: 0x20, code: 'Space', shift: false, altGr: false };

function strokesOf(layout: Layout): ReadonlyMap<string, readonly KeyStroke[]> {
  const { plain, shifted, altGr = {}, dead = '' }: LayoutTable = tables[layout];
  const strokes = new Map<string, readonly KeyStroke[]>([
    ['\n', [{ ...enterKey, shift: false, altGr: false }]],
    ['\t', [{ ...tabKey, shift: false, altGr: false }]],
    [' ', [space]],
  ]);
  const put = (character: string, code: string, held: { shift: boolean; altGr: boolean }) => {
    // The easiest way to a character comes first.
    if (strokes.has(character)) return;
    const stroke = { keysym: keysymOf(character), code, ...held };
    strokes.set(character, dead.includes(character) ? [stroke, space] : [stroke]);
  };
  for (const [level, table] of [plain, shifted].entries()) {
    table.forEach((row, index) => {
      Array.from(row).forEach((character, place) => {
        const code = codes[index]?.[place];
        if (code !== undefined) put(character, code, { shift: level === 1, altGr: false });
      });
    });
  }
  for (const [code, character] of Object.entries(altGr)) {
    put(character, code, { shift: false, altGr: true });
  }
  return strokes;
}

/**
 * The strokes that type a text on a keyboard of this layout, which is the one that the guest is set
 * to: VNC transports places of keys, not letters. `skipped` are the characters that have no place
 * there.
 */
export function keyStrokes(
  text: string,
  layout: Layout,
): { strokes: KeyStroke[]; skipped: string[] } {
  const known = strokesOf(layout);
  const typed: KeyStroke[] = [];
  const skipped = new Set<string>();
  for (const character of text.replaceAll(/\r\n?/g, '\n')) {
    const strokes = known.get(character);
    if (strokes === undefined) skipped.add(character);
    else typed.push(...strokes);
  }
  return { strokes: typed, skipped: [...skipped] };
}
