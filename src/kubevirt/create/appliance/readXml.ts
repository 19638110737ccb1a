/** An element of an XML document. Names are without their namespaces' prefixes. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** Of its own, not of its children. */
  text: string;
}

type Open = {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
};

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decode(text: string): string {
  return text.replaceAll(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const isHex = name[1] === 'x' || name[1] === 'X';
    const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, name = '', double, single] of text.matchAll(
    /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  )) {
    found[localName(name)] = decode(double ?? single ?? '');
  }
  return found;
}

/** A comment, CDATA, an instruction, a declaration, or a tag, whose attributes may have `>` in them. */
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<(\/?)([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;

/**
 * The root element of an XML document; undefined when it is not well-formed. Enough for descriptions
 * such as OVF: there are no DTDs and no entities of its own, so none can blow it up.
 */
export function readXml(document: string): XmlElement | undefined {
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack: Open[] = [root];
  let end = 0;
  for (const match of document.matchAll(markup)) {
    const [whole, cdata, slash, name, attributes = '', selfClosing] = match;
    const top = stack.at(-1);
    if (!top) return undefined;
    top.text += decode(document.slice(end, match.index)) + (cdata ?? '');
    end = match.index + whole.length;
    if (name === undefined) continue;
    if (slash) {
      if (stack.length < 2 || stack.pop()?.name !== localName(name)) return undefined;
    } else {
      const one: Open = {
        name: localName(name),
        attributes: attributesOf(attributes),
        ...{ children: [], text: '' },
      };
      top.children.push(one);
      if (!selfClosing) stack.push(one);
    }
  }
  const rest = document.slice(end).trim();
  return stack.length === 1 && rest === '' && root.children.length === 1
    ? root.children[0]
    : undefined;
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((one) => one.name === name) ?? [];
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

/** The text of a child; empty where there is none. */
export function textOf(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.text.trim() ?? '';
}

/** All elements of a name, at any depth. */
export function everywhere(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((one) => [
    ...(one.name === name ? [one] : []),
    ...everywhere(one, name),
  ]);
}
