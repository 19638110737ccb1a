import type { FieldPath } from './openApi';

/** Where in a YAML text somebody is writing. */
export interface YamlPlace {
  /** Of the object in which it is. */
  parent: FieldPath;
  /** The key whose value is being written; undefined while a key is. */
  key: string | undefined;
  /** What of the key or value stands there already. */
  prefix: string;
  /** Where that begins in the text. */
  from: number;
  /** Keys that the object has already. */
  siblings: readonly string[];
}

interface Line {
  /** Columns of the dashes at its beginning. */
  dashes: readonly number[];
  /** Column of what follows them. */
  column: number;
  /** Undefined for a line without `key:`. */
  key: string | undefined;
  value: string;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#:][^#:]*?)\s*:(?:\s+(.*)|)$/;

function readLine(text: string): Line | undefined {
  if (/^\s*(#|$)/.test(text)) return undefined;
  const [, lead = '', rest = ''] = /^((?: |- )*)(.*)$/.exec(text === '-' ? '- ' : text) ?? [];
  const dashes = Array.from(lead).flatMap((letter, index) => (letter === '-' ? [index] : []));
  const [, key, value = ''] = KEY.exec(rest) ?? [];
  const plain = key?.replaceAll(/^["']|["']$/g, '');
  return { dashes, column: lead.length, key: plain, value: plain === undefined ? rest : value };
}

/** Keys beside the one at `column`, from the line after or before on. */
function keysBeside(lines: readonly (Line | undefined)[], column: number): string[] {
  const keys: string[] = [];
  for (const line of lines) {
    if (line === undefined) continue;
    if (line.column < column) break;
    if (line.column === column && line.key !== undefined) keys.push(line.key);
    // An item begins here: what is before it, or after it, is of another.
    if (line.dashes.some((dash) => dash < column) && line.column === column) break;
  }
  return keys;
}

/**
 * Where in a block-style YAML text an offset is. It goes by indentation and not by a parser, as a
 * text in which somebody writes is seldom whole. Undefined inside a text of several lines.
 */
export function yamlPlace(text: string, offset: number): YamlPlace | undefined {
  const before = text.slice(0, offset).split('\n');
  const last = before.pop() ?? '';
  const above = before.map(readLine);
  const here = readLine(last) ?? { dashes: [], column: last.length, key: undefined, value: '' };
  const below = text.slice(offset).split('\n').slice(1).map(readLine);
  const path: (string | number)[] = [];
  let { column } = here;
  let dashes = [...here.dashes];
  const siblings = here.dashes.length > 0 ? [] : keysBeside([...above].reverse(), column);
  siblings.push(
    ...keysBeside(
      // The next item of the same list is another object.
      below.slice(0, firstItem(below, column)),
      column,
    ),
  );
  const enterItem = () => {
    const dash = dashes.pop();
    if (dash === undefined) return false;
    path.unshift(0);
    column = dash;
    return true;
  };
  while (enterItem());
  for (const line of [...above].reverse()) {
    if (line === undefined) continue;
    const isInItem = path[0] === 0;
    // A list may stand as deep as its key.
    if (line.key !== undefined && (line.column < column || (isInItem && line.column === column))) {
      if (/^[|>][-+0-9]*$/.test(line.value.trim())) return undefined;
      path.unshift(line.key);
      column = line.column;
      dashes = [...line.dashes];
      while (enterItem());
    } else if (line.dashes.length > 0 && line.column === column && !isInItem) {
      // The first key of an item, to which this one belongs.
      dashes = [...line.dashes];
      while (enterItem());
    }
  }
  const { key, value } = here;
  return { parent: path, key, prefix: value, from: offset - value.length, siblings };
}

function firstItem(lines: readonly (Line | undefined)[], column: number): number {
  const index = lines.findIndex((line) => line?.dashes.some((dash) => dash < column) === true);
  return index < 0 ? lines.length : index;
}
