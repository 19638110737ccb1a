/** Texts that were seen lately. Most come back soon: objects of one resource are read one after the other. */
let texts = new Map<string, string>();
const mostTexts = 20_000;

/** Others are an object's own. */
const longestText = 200;

/**
 * Freezes a value with all that hangs on it, as many readers share it; equal texts in it are made the same
 * text, of which memory then has one. Objects of one resource have most of their texts in common: this halves
 * what they take.
 */
export function freezeShared<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    for (let index = 0; index < items.length; index += 1) items[index] = shared(items[index]);
  } else {
    // The parse boundary: an object of JSON, whose fields keep their types.
    const fields = value as Record<string, unknown>;
    for (const key in fields) fields[key] = shared(fields[key]);
  }
  return Object.freeze(value);
}

const shared = (value: unknown) =>
  typeof value === 'string' ? sharedText(value) : freezeShared(value);

function sharedText(text: string): string {
  if (text.length > longestText) return text;
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= mostTexts) texts = new Map();
  texts.set(text, text);
  return text;
}
