import type { V1Probe } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Container, Probe } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';

/** Time that libvirt has to come up before the first look (template.go, LibvirtStartupDelay, d923fdb). */
const startupDelaySeconds = 10;

/**
 * The probes of a VMI as those of its launcher container: what only the guest agent can answer is asked by
 * virt-probe. KubeVirt: pkg/virt-controller/services/template.go (d923fdb).
 */
export function podProbes(
  vmi: VirtualMachineInstance,
): Pick<Container, 'livenessProbe' | 'readinessProbe'> {
  const { livenessProbe, readinessProbe } = vmi.spec;
  return {
    ...(livenessProbe && { livenessProbe: podProbe(vmi, livenessProbe) }),
    ...(readinessProbe && { readinessProbe: podProbe(vmi, readinessProbe) }),
  };
}

function podProbe(vmi: VirtualMachineInstance, probe: V1Probe): Probe {
  const { exec, guestAgentPing, tcpSocket, httpGet, ...timing } = probe;
  const domain = `${vmi.metadata.namespace ?? ''}_${vmi.metadata.name}`;
  const virtProbe = ['virt-probe', '--domainName', domain];
  const [command = '', ...args] = exec?.command ?? [];
  const { timeoutSeconds = 1 } = timing;
  return {
    ...timing,
    initialDelaySeconds: (timing.initialDelaySeconds ?? 0) + startupDelaySeconds,
    // The declarations leave out the port, which is a number or a name.
    ...(tcpSocket && { tcpSocket: tcpSocket as NonNullable<Probe['tcpSocket']> }),
    ...(httpGet && { httpGet: httpGet as NonNullable<Probe['httpGet']> }),
    ...(guestAgentPing && { exec: { command: [...virtProbe, '--guestAgentPing'] } }),
    ...(exec && {
      exec: {
        command: [
          ...virtProbe,
          ...['--timeoutSeconds', String(timeoutSeconds), '--command', command, '--', ...args],
        ],
      },
    }),
  };
}
