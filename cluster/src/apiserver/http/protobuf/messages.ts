import { coreMessages } from './coreMessages.ts';
import { groupMessages } from './groupMessages.ts';

export interface Field {
  /** '' for a message whose fields lie inline in JSON. */
  readonly name: string;
  /** One of the types that decodeProtobuf.ts decodes itself, or the name of a message. */
  readonly type: string;
  readonly shape: 'one' | 'list' | 'map';
  /** Zero means absent: Go writes such fields always. */
  readonly omitZero: boolean;
}

/** Fields by their number. */
export type Message = ReadonlyMap<number, Field>;

const texts = new Map<string, string>();
const parsed = new Map<string, Message>();

/** The message of that name, e.g. `core.PodSpec`; undefined when it is not known. */
export function messageNamed(name: string): Message | undefined {
  if (texts.size === 0) readTexts();
  const text = texts.get(name);
  if (text === undefined) return undefined;
  const message = parsed.get(name) ?? parseMessage(text);
  parsed.set(name, message);
  return message;
}

function readTexts(): void {
  for (const line of `${coreMessages}${groupMessages}`.split('\n')) {
    const [name = '', fields] = line.split(': ');
    if (fields !== undefined) texts.set(name, fields);
  }
}

function parseMessage(text: string): Message {
  return new Map(
    text.split(', ').map((field) => {
      const [number = '', ...words] = field.split(' ');
      const [name = '', typed = ''] = words.length === 1 ? ['', words[0]?.slice(3)] : words;
      return [Number(number), parseField(name, typed)];
    }),
  );
}

function parseField(name: string, typed: string): Field {
  const shape = typed.startsWith('[]') ? 'list' : typed.startsWith('{}') ? 'map' : 'one';
  const type = typed.replace(/^(\[\]|\{\})/, '').replace(/\?$/, '');
  return { name, type, shape, omitZero: typed.endsWith('?') };
}
