import type { Environment } from '@marcbachmann/cel-js';
import { IpAddress, Network, parseAddress, parseNetwork } from './addresses.ts';

const ip = 'net.IP';
const cidr = 'net.CIDR';

/** Stands for what is before the dot in `ip.isCanonical(text)`. */
class IpFunctions {
  readonly prefix = 'ip';
}

/** Functions of addresses and networks: k8s.io/apiserver, pkg/cel/library/ip.go and cidr.go (1.33). */
export function addAddresses(environment: Environment): void {
  environment
    .registerType(ip, { ctor: IpAddress, fields: {} })
    .registerType(cidr, { ctor: Network, fields: {} })
    .registerType('kubernetes.IPFunctions', { ctor: IpFunctions, fields: {} })
    .registerConstant('ip', 'kubernetes.IPFunctions', new IpFunctions())
    .registerFunction('isIP(string): bool', (text: string) => parseAddress(text) !== undefined)
    .registerFunction(`ip(string): ${ip}`, addressOf)
    .registerFunction(`string(${ip}): string`, ({ text }: IpAddress) => text)
    .registerFunction(
      'kubernetes.IPFunctions.isCanonical(string): bool',
      (_self: IpFunctions, text: string) => addressOf(text).text === text,
    )
    .registerOperator(`${ip} == ${ip}`, isSame);
  addKinds(environment);
  addNetworks(environment);
}

function addKinds(environment: Environment): void {
  const register = (name: string, holds: (address: IpAddress) => boolean) =>
    environment.registerFunction(`${ip}.${name}(): bool`, holds);
  environment.registerFunction(`${ip}.family(): int`, ({ family }: IpAddress) => BigInt(family));
  register('isUnspecified', ({ bits }) => bits === 0n);
  register('isLoopback', isLoopback);
  register('isLinkLocalMulticast', isLinkLocalMulticast);
  register('isLinkLocalUnicast', isLinkLocalUnicast);
  register(
    'isGlobalUnicast',
    (address) =>
      address.bits !== 0n &&
      !isLoopback(address) &&
      !isMulticast(address) &&
      !isLinkLocalUnicast(address) &&
      !(address.family === 4 && address.bits === 0xffff_ffffn),
  );
}

const isLoopback = (address: IpAddress) =>
  address.family === 4 ? address.startsWith(127n, 8) : address.bits === 1n;
const isMulticast = (address: IpAddress) =>
  address.family === 4 ? address.startsWith(0b1110n, 4) : address.startsWith(0xffn, 8);
const isLinkLocalMulticast = (address: IpAddress) =>
  address.family === 4
    ? address.startsWith(0xe0_0000n, 24)
    : isMulticast(address) && ((address.bits >> 112n) & 0xfn) === 2n;
const isLinkLocalUnicast = (address: IpAddress) =>
  address.family === 4 ? address.startsWith(0xa9_fen, 16) : address.startsWith(0x3fan, 10);

function addNetworks(environment: Environment): void {
  const containsAddress = (network: Network, address: IpAddress) => network.contains(address);
  const containsNetwork = (network: Network, other: Network) =>
    network.prefix <= other.prefix && network.contains(other.address);
  environment
    .registerFunction('isCIDR(string): bool', (text: string) => parseNetwork(text) !== undefined)
    .registerFunction(`cidr(string): ${cidr}`, networkOf)
    .registerFunction(`string(${cidr}): string`, ({ text }: Network) => text)
    .registerFunction(`${cidr}.containsIP(${ip}): bool`, containsAddress)
    .registerFunction(`${cidr}.containsIP(string): bool`, (network: Network, text: string) =>
      containsAddress(network, addressOf(text)),
    )
    .registerFunction(`${cidr}.containsCIDR(${cidr}): bool`, containsNetwork)
    .registerFunction(`${cidr}.containsCIDR(string): bool`, (network: Network, text: string) =>
      containsNetwork(network, networkOf(text)),
    )
    .registerFunction(`${cidr}.ip(): ${ip}`, ({ address }: Network) => address)
    .registerFunction(`${cidr}.masked(): ${cidr}`, (network: Network) => network.masked())
    .registerFunction(`${cidr}.prefixLength(): int`, ({ prefix }: Network) => BigInt(prefix))
    .registerOperator(
      `${cidr} == ${cidr}`,
      (a: Network, b: Network) => a.prefix === b.prefix && isSame(a.address, b.address),
    );
}

const isSame = (a: IpAddress, b: IpAddress) => a.family === b.family && a.bits === b.bits;

function addressOf(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`IP Address '${text}' parse error`);
  return address;
}

function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (network === undefined) throw new Error(`network address '${text}' parse error`);
  return network;
}
