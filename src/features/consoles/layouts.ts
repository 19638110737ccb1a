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
 * characters by their key; `dead` ones wait for the next key and come by a space. A character that
 * can be had in two ways is had by the first.
 */
type LayoutTable = {
  plain: readonly string[];
  shifted: readonly string[];
  altGr?: Readonly<Record<string, string>>;
  /** The same with shift held as well. */
  altGrShift?: Readonly<Record<string, string>>;
  /** Keys that other keyboards do not have: what they give alone and with shift. */
  more?: Readonly<Record<string, string>>;
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
  it: {
    plain: ["\\1234567890'ì", 'qwertyuiopè+', 'asdfghjklòàù', '<zxcvbnm,.-'],
    shifted: ['|!"£$%&/()=?^', 'QWERTYUIOPé*', 'ASDFGHJKLç°§', '>ZXCVBNM;:_'],
    altGr: {
      ...{ BracketLeft: '[', BracketRight: ']', Semicolon: '@', Quote: '#', KeyE: '€' },
      ...{ Equal: '~', Minus: '`' },
    },
    altGrShift: { BracketLeft: '{', BracketRight: '}' },
  },
  pt: {
    plain: ["\\1234567890'«", 'qwertyuiop+´', 'asdfghjklçº~', '<zxcvbnm,.-'],
    shifted: ['|!"#$%&/()=?»', 'QWERTYUIOP*`', 'ASDFGHJKLÇª^', '>ZXCVBNM;:_'],
    altGr: {
      ...{ Digit2: '@', Digit3: '£', Digit4: '§', Digit7: '{', Digit8: '[', Digit9: ']' },
      ...{ Digit0: '}', KeyE: '€' },
    },
    dead: '´`~^',
  },
  br: {
    plain: ["'1234567890-=", 'qwertyuiop´[', 'asdfghjklç~]', '\\zxcvbnm,.;'],
    shifted: ['"!@#$%¨&*()_+', 'QWERTYUIOP`{', 'ASDFGHJKLÇ^}', '|ZXCVBNM<>:'],
    more: { IntlRo: '/?' },
    dead: '´`~^¨',
  },
  ch: {
    plain: ["§1234567890'^", 'qwertzuiopü¨', 'asdfghjklöä$', '<yxcvbnm,.-'],
    shifted: ['°+"*ç%&/()=?`', 'QWERTZUIOPè!', 'ASDFGHJKLéà£', '>YXCVBNM;:_'],
    altGr: {
      ...{ Digit2: '@', Digit3: '#', Digit7: '|', KeyE: '€', BracketLeft: '[', Equal: '~' },
      ...{ BracketRight: ']', Quote: '{', Backslash: '}', IntlBackslash: '\\', Minus: '´' },
    },
    dead: '^`¨~´',
  },
  se: {
    plain: ['§1234567890+´', 'qwertyuiopå¨', "asdfghjklöä'", '<zxcvbnm,.-'],
    shifted: ['½!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLÖÄ*', '>ZXCVBNM;:_'],
    altGr: {
      ...{ Digit2: '@', Digit3: '£', Digit4: '$', Digit7: '{', Digit8: '[', Digit9: ']' },
      ...{ Digit0: '}', Minus: '\\', BracketRight: '~', IntlBackslash: '|', KeyE: '€' },
    },
    dead: '´`¨^~',
  },
  no: {
    plain: ['|1234567890+\\', 'qwertyuiopå¨', "asdfghjkløæ'", '<zxcvbnm,.-'],
    shifted: ['§!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLØÆ*', '>ZXCVBNM;:_'],
    altGr: {
      ...{ Digit2: '@', Digit3: '£', Digit4: '$', Digit7: '{', Digit8: '[', Digit9: ']' },
      ...{ Digit0: '}', Equal: '´', BracketRight: '~', KeyE: '€' },
    },
    dead: '´`¨^~',
  },
  dk: {
    plain: ['½1234567890+´', 'qwertyuiopå¨', "asdfghjklæø'", '<zxcvbnm,.-'],
    shifted: ['§!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLÆØ*', '>ZXCVBNM;:_'],
    altGr: {
      ...{ Digit2: '@', Digit3: '£', Digit4: '$', Digit7: '{', Digit8: '[', Digit9: ']' },
      ...{ Digit0: '}', Equal: '|', BracketRight: '~', IntlBackslash: '\\', KeyE: '€' },
    },
    dead: '´`¨^~',
  },
  pl: {
    plain: ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'\\", ' zxcvbnm,./'],
    shifted: ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"|', ' ZXCVBNM<>?'],
    altGr: {
      ...{ KeyA: 'ą', KeyC: 'ć', KeyE: 'ę', KeyL: 'ł', KeyN: 'ń', KeyO: 'ó' },
      ...{ KeyS: 'ś', KeyX: 'ź', KeyZ: 'ż', Digit5: '€' },
    },
    altGrShift: {
      ...{ KeyA: 'Ą', KeyC: 'Ć', KeyE: 'Ę', KeyL: 'Ł', KeyN: 'Ń', KeyO: 'Ó' },
      ...{ KeyS: 'Ś', KeyX: 'Ź', KeyZ: 'Ż' },
    },
  },
  jp: {
    plain: [' 1234567890-^', 'qwertyuiop@[', 'asdfghjkl;:]', ' zxcvbnm,./'],
    shifted: [' !"#$%&\'() =~', 'QWERTYUIOP`{', 'ASDFGHJKL+*}', ' ZXCVBNM<>?'],
    more: { IntlRo: '\\_', IntlYen: '¥|' },
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
  { value: 'it', label: 'Italiano' },
  { value: 'pt', label: 'Português' },
  { value: 'br', label: 'Português (Brasil)' },
  { value: 'ch', label: 'Deutsch (Schweiz)' },
  { value: 'se', label: 'Svenska, suomi' },
  { value: 'no', label: 'Norsk' },
  { value: 'dk', label: 'Dansk' },
  { value: 'pl', label: 'Polski' },
  { value: 'jp', label: '日本語' },
];

/** Keysym of a character: Latin-1 by itself, all others by their code point (X11 keysymdef.h). */
function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point <= 0xff ? point : 0x0100_0000 + point;
}

const space: KeyStroke = { keysym: 0x20, code: 'Space', shift: false, altGr: false };

function strokesOf(layout: Layout): ReadonlyMap<string, readonly KeyStroke[]> {
  const table: LayoutTable = tables[layout];
  const { plain, shifted, altGr = {}, altGrShift = {}, more = {}, dead = '' } = table;
  const strokes = new Map<string, readonly KeyStroke[]>([
    ['\n', [{ ...enterKey, shift: false, altGr: false }]],
    ['\t', [{ ...tabKey, shift: false, altGr: false }]],
    [' ', [space]],
  ]);
  const put = (character: string, code: string, held: { shift: boolean; altGr: boolean }) => {
    // The easiest way to a character comes first.
    if (character === ' ' || strokes.has(character)) return;
    const stroke = { keysym: keysymOf(character), code, ...held };
    strokes.set(character, dead.includes(character) ? [stroke, space] : [stroke]);
  };
  for (const [level, rowsOfLevel] of [plain, shifted].entries()) {
    rowsOfLevel.forEach((row, index) => {
      Array.from(row).forEach((character, place) => {
        const code = codes[index]?.[place];
        if (code !== undefined) put(character, code, { shift: level === 1, altGr: false });
      });
    });
  }
  for (const [code, characters] of Object.entries(more)) {
    Array.from(characters).forEach((character, level) => {
      put(character, code, { shift: level === 1, altGr: false });
    });
  }
  for (const [code, character] of Object.entries(altGr)) {
    put(character, code, { shift: false, altGr: true });
  }
  for (const [code, character] of Object.entries(altGrShift)) {
    put(character, code, { shift: true, altGr: true });
  }
  return strokes;
}

/** Layout of most guests of people whose browser speaks this language, as in `navigator.language`. */
export function layoutOfLanguage(language: string): Layout {
  const [name = '', region = ''] = language.toLowerCase().split('-');
  const exact: Record<string, Layout> = {
    ...{ 'en-gb': 'gb', 'pt-br': 'br', 'de-ch': 'ch', 'fr-ch': 'ch' },
    ...{ ja: 'jp', sv: 'se', fi: 'se', nb: 'no', nn: 'no', da: 'dk' },
  };
  const known = exact[`${name}-${region}`] ?? exact[name];
  if (known !== undefined) return known;
  return layouts.find(({ value }) => value === name)?.value ?? 'us';
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
