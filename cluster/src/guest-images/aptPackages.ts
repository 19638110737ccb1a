import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './runProgram.ts';

export interface AptPackage {
  name: string;
  /** File name of the package, which has its version in it. */
  file: string;
}

/**
 * The newest versions of packages that apt knows on this machine; nothing is downloaded.
 * Rejects with what to do when apt does not know one.
 */
export async function newestPackages(names: string[], signal?: AbortSignal): Promise<AptPackage[]> {
  const options = signal === undefined ? {} : { signal };
  const output = await runProgram(
    'apt-get',
    ['download', '--print-uris', '-qq', ...names],
    options,
  ).catch((error: unknown) => {
    throw new Error(`apt does not know all of ${names.join(', ')}. As root, run: apt-get update`, {
      cause: error,
    });
  });
  const files = [...output.matchAll(/^'[^']*' (\S+) /gm)].map((match) => match[1] ?? '');
  return names.map((name) => {
    const file = files.find((candidate) => candidate.startsWith(`${name}_`));
    if (file === undefined) throw new Error(`apt has no package ${name}. Run: apt-get update`);
    return { name, file };
  });
}

/** The package of the newest cloud kernel, which the metapackage depends on. */
export async function cloudKernelName(): Promise<string> {
  const output = await runProgram('apt-cache', ['depends', 'linux-image-cloud-amd64']);
  const name = /Depends: (linux-image-\S+-cloud-amd64)/.exec(output)?.[1];
  if (name === undefined)
    throw new Error('apt has no package linux-image-cloud-amd64. As root, run: apt-get update');
  return name;
}

/**
 * Unpacks packages into `target`, in order, without installing them. What was downloaded stays in
 * `cache`, so that an image can be made again without a network.
 */
export async function unpackPackages(
  packages: AptPackage[],
  cache: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const missing = packages.filter((apt) => !existsSync(join(cache, apt.file)));
  if (missing.length > 0) await download(missing, cache, signal);
  for (const apt of packages)
    await runProgram('dpkg-deb', ['-x', join(cache, apt.file), target], { signal });
}

async function download(packages: AptPackage[], cache: string, signal: AbortSignal): Promise<void> {
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, '.download-'));
  const names = packages.map((apt) => apt.name);
  try {
    await runProgram('apt-get', ['download', '-q', ...names], { cwd: directory, signal });
    for (const apt of packages) await rename(join(directory, apt.file), join(cache, apt.file));
  } catch (error) {
    throw new Error(
      `The Debian packages ${names.join(', ')} could not be downloaded. Is the network up? As root, "apt-get update" may help. ${String(error)}`,
      { cause: error },
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
