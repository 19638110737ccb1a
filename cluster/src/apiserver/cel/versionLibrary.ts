import type { Environment } from '@marcbachmann/cel-js';

/** A version by Semantic Versioning 2.0.0. */
class Version {
  constructor(
    readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint],
    readonly prerelease: readonly string[],
  ) {}
}

const of = 'kubernetes.Semver';
const number = '(0|[1-9]\\d*)';
const identifier = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const strict = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** Functions of versions: k8s.io/apiserver, pkg/cel/library/semverlib.go (1.33). */
export function addVersions(environment: Environment): void {
  const version = (text: string, normalize: boolean) => {
    const parsed = parseVersion(text, normalize);
    if (parsed === undefined) throw new Error(`invalid semantic version: ${text}`);
    return parsed;
  };
  const isVersion = (text: string, normalize: boolean) =>
    parseVersion(text, normalize) !== undefined;
  environment
    .registerType(of, { ctor: Version, fields: {} })
    .registerFunction('isSemver(string): bool', (text: string) => isVersion(text, false))
    .registerFunction('isSemver(string, bool): bool', isVersion)
    .registerFunction(`semver(string): ${of}`, (text: string) => version(text, false))
    .registerFunction(`semver(string, bool): ${of}`, version)
    .registerFunction(`${of}.major(): int`, ({ numbers: [major] }: Version) => major)
    .registerFunction(`${of}.minor(): int`, ({ numbers: [, minor] }: Version) => minor)
    .registerFunction(`${of}.patch(): int`, ({ numbers: [, , patch] }: Version) => patch)
    .registerFunction(`${of}.compareTo(${of}): int`, (a: Version, b: Version) =>
      BigInt(compare(a, b)),
    )
    .registerFunction(
      `${of}.isGreaterThan(${of}): bool`,
      (a: Version, b: Version) => compare(a, b) > 0,
    )
    .registerFunction(
      `${of}.isLessThan(${of}): bool`,
      (a: Version, b: Version) => compare(a, b) < 0,
    )
    .registerOperator(`${of} == ${of}`, (a: Version, b: Version) => compare(a, b) === 0);
}

/** `normalize` also takes `v1.2`, as 1.2.0, and numbers with leading zeros. */
function parseVersion(text: string, normalize: boolean): Version | undefined {
  const [, major, minor, patch, prerelease] =
    strict.exec(normalize ? normalized(text) : text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return new Version(
    [BigInt(major), BigInt(minor), BigInt(patch)],
    prerelease === undefined ? [] : prerelease.split('.'),
  );
}

function normalized(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([^-+]*)(.*)$/s.exec(text) ?? [];
  const parts = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  const missing =
    rest === '' ? Array.from({ length: Math.max(0, 3 - parts.length) }, () => '0') : [];
  return [...parts, ...missing].join('.') + rest;
}

function compare(a: Version, b: Version): number {
  for (const [index, left] of a.numbers.entries()) {
    const right = b.numbers[index] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  // What is not released yet comes before the release.
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return Math.sign(b.prerelease.length - a.prerelease.length);
  }
  for (const [index, left] of a.prerelease.entries()) {
    const right = b.prerelease[index];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  if (isNumberA) return Math.sign(Number(BigInt(a) - BigInt(b)));
  return a < b ? -1 : a > b ? 1 : 0;
}
