const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';
const inOrder = letters + digits;

/** As OpenShift's and virt-template's generators have them. */
const classes: Readonly<Record<string, string>> = {
  '\\w': `${inOrder}_`,
  '\\d': digits,
  '\\a': inOrder,
  '\\A': '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

const expression = /\[([a-zA-Z0-9\-\\]+)\]\{(\d+)\}/;

function rangeOf(part: string): string {
  const known = classes[part];
  if (known !== undefined) return known;
  const [from = '', dash, to = ''] = part;
  if (part.length !== 3 || dash !== '-') return part;
  const left = inOrder.indexOf(from);
  const right = inOrder.indexOf(to);
  return left < 0 || right < left ? '' : inOrder.slice(left, right + 1);
}

/** A whole number under `limit`, each as likely as the others. */
function randomBelow(limit: number): number {
  const most = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
    if (number < most) return number % limit;
  }
}

/**
 * Replaces each `[range]{length}` by random characters, as `oc process` does; undefined when a range
 * or a length (1 to 255) makes no sense.
 * (openshift/library-go pkg/template/generator/expressionvalue.go; virt-template-engine has the same)
 */
export function generateValue(from: string): string | undefined {
  let text = from;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    const [whole, ranges = '', count = ''] = match;
    const parts = ranges.match(/\\w|\\d|\\a|\\A|.-.|[a-zA-Z0-9]+/g) ?? [];
    const alphabets = parts.map(rangeOf);
    const alphabet = Array.from(new Set(alphabets.flatMap((one) => Array.from(one))));
    const length = Number(count);
    const isSound = alphabet.length > 0 && !alphabets.includes('') && length >= 1 && length <= 255;
    if (!isSound) return undefined;
    const value = Array.from({ length }, () => alphabet[randomBelow(alphabet.length)] ?? '').join(
      '',
    );
    text = text.replace(whole, () => value);
  }
  return text;
}
