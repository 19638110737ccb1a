interface Part {
  kind: 'plain' | 'key' | 'string' | 'literal' | 'comment';
  text: string;
}

const KEY = /^(\s*(?:- )*)([^\s#'"][^#'"]*?|'[^']*'|"[^"]*")(:)(\s.*|)$/;
const LITERAL = /^(?:true|false|null|~|-?\d+(?:\.\d+)?)$/;

function valuePart(text: string): Part[] {
  const value = text.trim();
  if (value === '') return text === '' ? [] : [{ kind: 'plain', text }];
  if (LITERAL.test(value)) return [{ kind: 'literal', text }];
  if (value === '|' || value === '|-' || value === '>-' || value === '{}' || value === '[]') {
    return [{ kind: 'plain', text }];
  }
  return [{ kind: 'string', text }];
}

/**
 * Cuts one line of block-style YAML, as the `yaml` package writes it, into coloured parts. It looks
 * at the line alone: a line of a multi-line text that looks like a key is coloured as a key.
 */
export function yamlLine(line: string): Part[] {
  if (line.trimStart().startsWith('#')) return [{ kind: 'comment', text: line }];
  const match = KEY.exec(line);
  if (match) {
    const [, indent = '', key = '', colon = '', value = ''] = match;
    return [
      ...(indent === '' ? [] : [{ kind: 'plain' as const, text: indent }]),
      { kind: 'key', text: key },
      { kind: 'plain', text: colon },
      ...valuePart(value),
    ];
  }
  const item = /^(\s*(?:- )*)(.*)$/.exec(line);
  const [, indent = '', value = ''] = item ?? [];
  return [
    ...(indent === '' ? [] : [{ kind: 'plain' as const, text: indent }]),
    ...valuePart(value),
  ];
}
