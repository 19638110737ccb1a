import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startCluster } from './clusterFixture.ts';
import { kubeconfigOf } from './kubeconfigOf.ts';

const execute = promisify(execFile);

/** A cluster of simulated guests, and what runs the real kubectl on it and gives what it prints. */
export async function startWithKubectl() {
  const made = await startCluster();
  const kubeconfig = join(made.dataDir, 'kubeconfig');
  await writeFile(kubeconfig, await kubeconfigOf(made.cluster));
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: made.dataDir };
  return {
    ...made,
    kubectl: async (...args: string[]) => (await execute('kubectl', args, { env })).stdout,
    /** Writes an object to a file for `kubectl -f`. */
    write: async (object: object) => {
      const file = join(made.dataDir, 'object.json');
      await writeFile(file, JSON.stringify(object));
      return file;
    },
  };
}
