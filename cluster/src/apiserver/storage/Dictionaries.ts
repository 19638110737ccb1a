import type { AnyObject } from '../ResourceDefinition.ts';

/** Characters of one; it must fit into the window of what is packed with it. */
const longest = 12_000;

/** Texts beyond this are an object's own, and none that others are likely to have. */
const longestText = 80;

/** Of a resource; objects that are like none of them are packed as well as they can be. */
const most = 8;

const keyPrefix = 'dictionary\n';

/** One that is to be written, before anything is packed with it. */
export interface NewDictionary {
  readonly key: string;
  readonly text: string;
}

/**
 * For each resource the texts of a few of its objects. Objects of one resource are alike: packed with such
 * a text (as zlib's dictionary) one takes a tenth of its room. They are kept in the store itself for as long as
 * it exists, each under a number that what is packed with it names; 0 stands for none.
 *
 * What somebody deletes must not stay behind in one: they hold no data of Secrets and ConfigMaps, and no
 * long texts, as user data of virtual machines is.
 */
export class Dictionaries {
  private readonly byResource = new Map<string, Buffer[]>();
  private readonly learning = new Set<string>();

  static isKey(key: string): boolean {
    return key.startsWith(keyPrefix);
  }

  /** Makes one known that has been written. */
  add({ key, text }: NewDictionary): void {
    const [, resource = '', number] = key.split('\n');
    const known = this.byResource.get(resource) ?? [];
    known[Number(number) - 1] = Buffer.from(text);
    this.byResource.set(resource, known);
    this.learning.delete(resource);
  }

  /** Undefined for 0, and for one that is not there. */
  get(resource: string, number: number): Buffer | undefined {
    return this.byResource.get(resource)?.[number - 1];
  }

  newest(resource: string): { number: number; bytes: Buffer | undefined } {
    const number = this.byResource.get(resource)?.length ?? 0;
    return { number, bytes: this.get(resource, number) };
  }

  /**
   * Makes one of an object that could not be packed well; undefined when there are enough, or one is on its
   * way. `add` it once it is safe, or `forget` it.
   */
  learn(resource: string, object: AnyObject, managedFields: string): NewDictionary | undefined {
    const { number } = this.newest(resource);
    if (number >= most || this.learning.has(resource)) return undefined;
    this.learning.add(resource);
    const text = `${managedFields}${JSON.stringify(object, withoutOwn)}`.slice(0, longest);
    return { key: `${keyPrefix}${resource}\n${number + 1}`, text };
  }

  forget(resource: string): void {
    this.learning.delete(resource);
  }
}

function withoutOwn(key: string, value: unknown): unknown {
  if (key === 'data' || key === 'stringData' || key === 'binaryData') {
    // The data of a ControllerRevision are a part of an object.
    return isTexts(value) ? undefined : value;
  }
  return typeof value === 'string' && value.length > longestText ? undefined : value;
}

function isTexts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((item) => typeof item === 'string');
}
