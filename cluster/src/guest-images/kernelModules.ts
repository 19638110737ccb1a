import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * The files of the wanted modules and of all that they need, in an order in which insmod takes them.
 * A module that the kernel has not (built in, or left out) is passed over.
 */
export async function moduleFiles(modulesDirectory: string, wanted: string[]): Promise<string[]> {
  const entries = await readdir(modulesDirectory, { recursive: true });
  const byName = new Map(
    entries
      .filter((entry) => entry.endsWith('.ko'))
      .map((entry) => [moduleName(entry), join(modulesDirectory, entry)]),
  );
  return inLoadOrder(wanted, (name) => {
    const file = byName.get(moduleName(name));
    return file === undefined ? undefined : { file, needs: dependencies(readFileSync(file)) };
  });
}

/** Depth first: what a module needs comes before it, each file once. */
export function inLoadOrder(
  wanted: string[],
  find: (name: string) => { file: string; needs: string[] } | undefined,
): string[] {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const found = find(name);
    if (found === undefined || files.has(found.file)) return;
    found.needs.forEach(visit);
    files.add(found.file);
  };
  wanted.forEach(visit);
  return [...files];
}

/** What a module's `.modinfo` names; the kernel's package has no modules.dep, depmod writes that. */
export function dependencies(module: Buffer): string[] {
  const start = module.indexOf('\0depends=');
  if (start < 0) return [];
  const text = module.toString('latin1', start + 9, module.indexOf(0, start + 9));
  return text === '' ? [] : text.split(',');
}

/** Files have dashes where names have underscores, or not: the kernel takes both for the same. */
function moduleName(file: string): string {
  return basename(file, '.ko').replaceAll('-', '_');
}
