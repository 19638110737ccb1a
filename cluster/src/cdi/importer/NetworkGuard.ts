import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import { ImportError } from './ImportError.ts';

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/**
 * Keeps URLs that users write from leading into the cluster's own servers. Refused are: addresses of this
 * machine at a reserved port (the API, the console, the upload proxy), and link-local addresses, where
 * clouds keep their credentials. Every connection is checked by its address, so also those of redirects
 * and of names that mean this machine. Other ports of this machine are as open as to anyone on it.
 */
export class NetworkGuard {
  readonly #reserved = new Set<number>();
  readonly #linkLocal = new BlockList();
  readonly #loopback = new BlockList();

  constructor() {
    this.#linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
    this.#linkLocal.addSubnet('fe80::', 10, 'ipv6');
    this.#loopback.addSubnet('127.0.0.0', 8, 'ipv4');
    this.#loopback.addAddress('0.0.0.0', 'ipv4');
    this.#loopback.addAddress('::1', 'ipv6');
    this.#loopback.addAddress('::', 'ipv6');
  }

  /** No URL reaches this TCP port of this machine from now on. */
  reserve(port: number): void {
    this.#reserved.add(port);
  }

  /** Throws an ImportError when an import may not connect there. */
  check(address: string, port: number): void {
    const plain = address.replace(/^::ffff:/i, '');
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
    const refused =
      this.#linkLocal.check(plain, family) ||
      (this.#reserved.has(port) && this.#isThisMachine(plain, family));
    if (refused) {
      throw new ImportError(
        `Unable to connect to http data source: dial tcp ${address}:${port}: connections to the cluster's own addresses are not allowed`,
      );
    }
  }

  /** For `lookup` of a connection: resolves a name, and refuses what `check` refuses. */
  lookupFor(port: number) {
    return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) {
          callback(error, []);
          return;
        }
        try {
          for (const { address } of addresses) this.check(address, port);
        } catch (refusal) {
          callback(refusal as Error, []);
          return;
        }
        if (options.all) {
          callback(null, addresses);
          return;
        }
        callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      });
    };
  }

  #isThisMachine(address: string, family: 'ipv4' | 'ipv6'): boolean {
    if (this.#loopback.check(address, family)) return true;
    const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    return own.some((entry) => entry.address === address);
  }
}
