import { stringify } from 'yaml';

import type { NewObject } from '~/kubevirt/create/NewObject';

/** The objects as one YAML file. */
export function objectsYaml(objects: readonly NewObject[]): string {
  return objects.map(({ object }) => stringify(object, { lineWidth: 0 })).join('---\n');
}

/** The same as a command for a terminal, all in one. */
export function createCommand(objects: readonly NewObject[]): string {
  return `kubectl create -f - <<'EOF'\n${objectsYaml(objects)}EOF`;
}
