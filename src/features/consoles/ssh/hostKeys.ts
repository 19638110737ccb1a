import { isRecord } from '~/k8s/isRecord';
import { storedRead, storedWrite } from '~/ui/stored';

const storageKey = 'virtdeck.ssh.hostKeys';
/** Machines that are remembered; those that were trusted longest ago go first. */
const most = 500;

type Keys = Readonly<Record<string, string>>;

/** Whatever somebody else wrote there is as nothing. */
function read(): Record<string, Keys> {
  return storedRead(storageKey, (json) => {
    if (!isRecord(json)) return {};
    const machines = Object.entries(json).map(([machine, keys]) => [
      machine,
      Object.fromEntries(
        Object.entries(isRecord(keys) ? keys : {}).flatMap(([type, fingerprint]) =>
          typeof fingerprint === 'string' ? [[type, fingerprint]] : [],
        ),
      ),
    ]);
    return Object.fromEntries(machines) as Record<string, Keys>;
  });
}

function write(machines: Record<string, Keys>): void {
  storedWrite(storageKey, Object.fromEntries(Object.entries(machines).slice(-most)));
}

/** Fingerprints by type of key that a machine, known by its VM's uid, has shown before. */
export function knownHostKeys(machine: string): Keys {
  return read()[machine] ?? {};
}

export function rememberHostKey(machine: string, type: string, fingerprint: string): void {
  const { [machine]: keys, ...others } = read();
  write({ ...others, [machine]: { ...keys, [type]: fingerprint } });
}

export function forgetHostKeys(machine: string): void {
  const { [machine]: _forgotten, ...others } = read();
  write(others);
}
