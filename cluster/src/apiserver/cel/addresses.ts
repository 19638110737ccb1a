import { isIPv4, isIPv6 } from 'node:net';

/** An address of the Internet Protocol. */
export class IpAddress {
  constructor(
    readonly family: 4 | 6,
    readonly bits: bigint,
    readonly text: string,
  ) {}

  get length(): number {
    return lengths[this.family];
  }

  /** Does it begin with these bits? `0xe0n, 4` for the networks 224.0.0.0/4. */
  startsWith(bits: bigint, count: number): boolean {
    return this.bits >> BigInt(this.length - count) === bits;
  }
}

/** A network; its address may have bits after the prefix. */
export class Network {
  constructor(
    readonly address: IpAddress,
    readonly prefix: number,
  ) {}

  contains({ family, bits }: IpAddress): boolean {
    const shift = BigInt(this.address.length - this.prefix);
    return family === this.address.family && bits >> shift === this.address.bits >> shift;
  }

  get text(): string {
    return `${this.address.text}/${this.prefix}`;
  }

  masked(): Network {
    const shift = BigInt(this.address.length - this.prefix);
    const bits = (this.address.bits >> shift) << shift;
    const { family } = this.address;
    return new Network(new IpAddress(family, bits, textOf(family, bits)), this.prefix);
  }
}

const lengths = { 4: 32, 6: 128 } as const;

/** Undefined for what is no address. As in Kubernetes, neither zones nor IPv4 within IPv6 are addresses. */
export function parseAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return addressOf(4, bitsOf(text.split('.'), 10, 8n));
  if (!isIPv6(text) || text.includes('%') || text.includes('.')) return undefined;
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = [...before, ...(tail === undefined ? [] : zeros), ...after];
  return addressOf(6, bitsOf(all, 16, 16n));
}

/** Undefined for what is no network in CIDR notation. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix))
    return undefined;
  return Number(prefix) <= parsed.length ? new Network(parsed, Number(prefix)) : undefined;
}

function bitsOf(parts: readonly string[], radix: number, width: bigint): bigint {
  return parts.reduce((bits, part) => (bits << width) | BigInt(parseInt(part, radix)), 0n);
}

const addressOf = (family: 4 | 6, bits: bigint) =>
  new IpAddress(family, bits, textOf(family, bits));

/** The canonical text: RFC 5952 for IPv6, as URLs write it. */
function textOf(family: 4 | 6, bits: bigint): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bits >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
