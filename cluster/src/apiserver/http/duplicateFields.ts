interface Level {
  readonly path: string;
  /** The names so far; undefined in a list. */
  readonly names: Set<string> | undefined;
  /** The position in a list. */
  index: number;
  /** The field or item that comes now. */
  current: string;
}

/**
 * Paths of the fields that an object of a JSON text names more than once: `spec.disks[0].name`. The text
 * is valid JSON: JSON.parse has read it, and has kept the last of each.
 */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const level = levels.at(-1);
    if (character === '"') {
      const end = stringEnd(text, at);
      if (expectsName && level?.names !== undefined) {
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        level.current = level.path === '' ? name : `${level.path}.${name}`;
        if (level.names.has(name)) found.add(level.current);
        level.names.add(name);
        expectsName = false;
      }
      at = end;
    } else if (character === '{' || character === '[') {
      const path = level?.current ?? '';
      const isObject = character === '{';
      levels.push({
        path,
        names: isObject ? new Set() : undefined,
        index: 0,
        current: isObject ? path : `${path}[0]`,
      });
      expectsName = isObject;
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === ',' && level !== undefined) {
      expectsName = level.names !== undefined;
      level.index += 1;
      if (level.names === undefined) level.current = `${level.path}[${level.index}]`;
    }
  }
  return [...found];
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}
