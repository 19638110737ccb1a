import { randomInt } from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const symbols = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const inOrder = letters + digits;

const classes: Readonly<Record<string, string>> = {
  '\\w': `${inOrder}_`,
  '\\d': digits,
  // As upstream has it: digits too, although its documentation says letters alone.
  '\\a': inOrder,
  '\\A': symbols,
};

const expression = /\[([a-zA-Z0-9\-\\]+)\]\{(\w+)\}/;
const parts = /\\w|\\d|\\a|\\A|.-.|[a-zA-Z0-9]+/g;

/** What is wrong with an expression, in upstream's words. */
export class ExpressionError extends Error {}

/**
 * Replaces each `[range]{length}` by random characters of the range: `vm-[a-z0-9]{5}` may give
 * `vm-x1k0q`. Throws an ExpressionError.
 * (virt-template staging/…/virt-template-engine/template/generator/expressionvalue.go, e5d8e40)
 */
export function generateValue(from: string): string {
  let text = from;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    const [whole, ranges = '', count = ''] = match;
    const value = randomText(alphabetOf(ranges), lengthOf(count));
    // A function: `$` in the value means nothing.
    text = text.replace(whole, () => value);
  }
  return text;
}

function lengthOf(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new ExpressionError(
      `malformed length syntax: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  const length = Number(text);
  if (length < 1 || length > 255) {
    throw new ExpressionError(`range must be within [1-255] characters: ${length}`);
  }
  return length;
}

function alphabetOf(ranges: string): readonly string[] {
  const found = ranges.match(parts);
  if (!found) throw new ExpressionError(`malformed ranges syntax: ${ranges}`);
  return [...new Set(found.flatMap((part) => Array.from(charactersOf(part))))];
}

function charactersOf(part: string): string {
  const known = classes[part];
  if (known !== undefined) return known;
  const [from = '', dash, to = ''] = part;
  if (part.length !== 3 || dash !== '-') return part;
  const left = inOrder.indexOf(from);
  const right = inOrder.indexOf(to);
  if (left < 0) throw new ExpressionError(`invalid start character in range: ${from}`);
  if (right < 0) throw new ExpressionError(`invalid end character in range: ${to}`);
  if (left > right) throw new ExpressionError(`invalid range specified: ${from}-${to}`);
  return inOrder.slice(left, right + 1);
}

function randomText(alphabet: readonly string[], length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? '').join('');
}
