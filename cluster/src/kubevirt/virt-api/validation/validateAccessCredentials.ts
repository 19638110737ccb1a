import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type Cause, invalid } from './Cause.ts';

/** Rule 82 of the catalogue (ADM/vmi-create-admitter.go, d923fdb). */
export function validateAccessCredentials(
  path: string,
  { accessCredentials = [], volumes = [] }: V1VirtualMachineInstanceSpec,
): Cause[] {
  return accessCredentials.flatMap((credential, index) => {
    const field = `${path}.accessCredentials[${index}]`;
    const { sshPublicKey, userPassword } = credential;
    if ((sshPublicKey ? 1 : 0) + (userPassword ? 1 : 0) !== 1) {
      return [invalid(field, `${field} must have exactly one access credential type set`)];
    }
    const kind = sshPublicKey ? 'sshPublicKey' : 'userPassword';
    const given = sshPublicKey ?? userPassword;
    const at = `${field}.${kind}`;
    const causes: Cause[] = [];
    if (!given?.source.secret) {
      causes.push(invalid(`${at}.source`, `${at}.source must have exactly one source set`));
    }
    const ways = Object.keys(given?.propagationMethod ?? {});
    if (ways.length !== 1) {
      const message = `${at}.propagationMethod must have exactly one propagationMethod set`;
      causes.push(invalid(`${at}.propagationMethod`, message));
    }
    const needed = [
      ['noCloud', 'cloudInitNoCloud'],
      ['configDrive', 'cloudInitConfigDrive'],
    ] as const;
    for (const [way, volume] of needed) {
      if (!ways.includes(way) || volumes.some((one) => one[volume])) continue;
      const message = `${at}.propagationMethod requires a ${way} volume to exist when the ${way} propagationMethod is in use.`;
      causes.push(invalid(`${at}.propagationMethod`, message));
    }
    return causes;
  });
}
