/**
 * Sorts the versions of an API as Kubernetes prefers them: `v2`, `v1`, `v1beta1`, `v1alpha1`, then what
 * is named otherwise (k8s.io/apimachinery, pkg/version/helpers.go).
 */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [rank(a), rank(b)];
  if (first === undefined || second === undefined) {
    if (first !== undefined) return -1;
    return second !== undefined ? 1 : a < b ? -1 : Number(a > b);
  }
  for (const [index, value] of first.entries()) {
    const other = second[index] ?? 0;
    if (value !== other) return other - value;
  }
  return 0;
}

const stages = ['alpha', 'beta', undefined];

/** Stage, major and minor number; undefined for a name of another form. */
function rank(version: string): number[] | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (match === null) return undefined;
  const [, major, stage, minor = '0'] = match;
  return [stages.indexOf(stage), Number(major), Number(minor)];
}
