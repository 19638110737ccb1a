import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { step, UserError } from './progress.mjs';
import { run } from './run.mjs';

/** A Debian package, and a program of it that serves as well when it comes from elsewhere. */
const packages = {
  guests: [
    { name: 'qemu-system-x86', program: 'qemu-system-x86_64' },
    { name: 'qemu-utils', program: 'qemu-img' },
    { name: 'ovmf' },
    { name: 'swtpm', program: 'swtpm' },
    // Without it there are no metrics, and all else works.
    { name: 'prometheus', program: 'prometheus', optional: true },
  ],
  images: [
    { name: 'e2fsprogs', program: 'mke2fs' },
    { name: 'mmdebstrap', program: 'mmdebstrap' },
    { name: 'uidmap', program: 'newuidmap' },
    { name: 'genisoimage', program: 'genisoimage' },
  ],
  tests: [
    { name: 'chromium', program: 'chromium' },
    { name: 'kubernetes-client', program: 'kubectl' },
    { name: 'nginx-light', program: 'nginx' },
    { name: 'openssl', program: 'openssl' },
  ],
};

function hasProgram(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

/** Guest images are made from packages that apt fetches, so it has to know them. */
function knowsPackages() {
  const lists = '/var/lib/apt/lists';
  return existsSync(lists) && readdirSync(lists).some((name) => name.includes('_Packages'));
}

function isInstalled({ name, program }) {
  if (program && hasProgram(program)) return true;
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.includes('ok installed');
}

/** Asked by every package that wants to start a service (Debian's invoke-rc.d): 101 forbids it. */
const policyFile = '/usr/sbin/policy-rc.d';

/**
 * Installs without starting a service, now or at the machine's next start: Debian's Prometheus would
 * listen on all addresses, and ours is started with the cluster, on the loopback address.
 */
async function withoutServices(missing, install) {
  const ours = !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
  if (missing.includes('prometheus') && existsSync('/run/systemd/system')) {
    spawnSync('systemctl', ['disable', 'prometheus.service'], { stdio: 'ignore' });
  }
}

/**
 * Installs what is missing of the named groups ('guests', 'images', 'tests') through apt when we are
 * root; else stops with the one command that does it.
 */
export async function ensureDebianPackages(...groups) {
  const canInstall = process.getuid() === 0 && hasProgram('apt-get');
  const missing = groups
    .flatMap((group) => packages[group])
    .filter((entry) => !isInstalled(entry) && (canInstall || !entry.optional))
    .map((entry) => entry.name);
  const stale = groups.includes('images') && hasProgram('apt-get') && !knowsPackages();
  if (missing.length === 0 && !stale) return;
  if (!hasProgram('apt-get')) {
    throw new UserError(
      `these programs are missing: ${missing.join(', ')} (Debian's package names). Install them with your system's package manager, then run the command again.`,
    );
  }
  if (process.getuid() !== 0 && missing.length === 0) {
    throw new UserError(
      'apt has no list of packages, and guest images are made from packages. Get it, then run the command again:\n  sudo apt-get update',
    );
  }
  if (process.getuid() !== 0) {
    throw new UserError(
      `Debian packages are missing. Install them, then run the command again:\n  sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  const apt = (args, onLine) =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      onLine,
    });
  await step('Updating the list of Debian packages', (show) => apt(['update'], show));
  if (missing.length === 0) return;
  await step(`Installing Debian packages ${missing.join(' ')}`, (show) =>
    withoutServices(missing, () =>
      apt(['install', '-y', '--no-install-recommends', ...missing], show),
    ),
  );
}
