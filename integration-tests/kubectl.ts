import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Program } from './program.ts';

/** Runs kubectl against the program's cluster; gives what it printed, fails with what it complained of. */
export function kubectl(
  program: Program,
  args: readonly string[],
  input?: object,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'kubectl',
      ['--kubeconfig', program.kubeconfig, ...args],
      (error, stdout, stderr) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr}`));
        else resolve(stdout.trim());
      },
    );
    child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
  });
}

export interface NewVm {
  name: string;
  namespace: string;
  runStrategy?: 'Always' | 'Halted' | 'Manual';
  /** A Secret with public keys that may log in by SSH. */
  sshKeys?: string;
  /** A NetworkAttachmentDefinition that it is on too. */
  network?: string;
  /** Of its instances. */
  labels?: Readonly<Record<string, string>>;
}

/** A VM that boots the micro image. */
export function vmManifest(vm: NewVm): object {
  const { name, namespace, runStrategy = 'Always', sshKeys, network, labels } = vm;
  const disk = `${name}-rootdisk`;
  const source = { secret: { secretName: sshKeys } };
  const sshPublicKey = { source, propagationMethod: { noCloud: {} } };
  const seed = { name: 'seed', cloudInitNoCloud: { userData: '#cloud-config\n' } };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace },
    spec: {
      runStrategy,
      dataVolumeTemplates: [
        {
          metadata: { name: disk },
          spec: {
            sourceRef: { kind: 'DataSource', namespace: 'kubevirt-os-images', name: 'micro' },
            storage: { resources: { requests: { storage: '1Gi' } } },
          },
        },
      ],
      template: {
        ...(labels && { metadata: { labels } }),
        spec: {
          ...(sshKeys !== undefined && { accessCredentials: [{ sshPublicKey }] }),
          domain: {
            memory: { guest: '160Mi' },
            devices: {
              disks: [
                { name: 'root', disk: { bus: 'virtio' } },
                ...(sshKeys === undefined ? [] : [{ name: 'seed', disk: { bus: 'virtio' } }]),
              ],
              interfaces: [
                { name: 'default', masquerade: {} },
                ...(network === undefined ? [] : [{ name: network, bridge: {} }]),
              ],
            },
          },
          networks: [
            { name: 'default', pod: {} },
            ...(network === undefined ? [] : [{ name: network, multus: { networkName: network } }]),
          ],
          volumes: [
            { name: 'root', dataVolume: { name: disk } },
            ...(sshKeys === undefined ? [] : [seed]),
          ],
        },
      },
    },
  };
}

/** Creates a VM and waits until it is as its run strategy wants it. */
export async function createVm(program: Program, vm: NewVm): Promise<void> {
  await kubectl(program, ['create', '-f', '-'], vmManifest(vm));
  await waitForStatus(
    program,
    vm,
    (vm.runStrategy ?? 'Always') === 'Always' ? 'Running' : 'Stopped',
  );
}

/** Waits for a VM, which something in the cluster makes, and until it shows this printable status. */
export async function waitForStatus(
  program: Program,
  { name, namespace }: NewVm,
  status: string,
): Promise<void> {
  const condition = `jsonpath={.status.printableStatus}=${status}`;
  // `kubectl wait` ends at once where there is nothing yet.
  const get = ['get', 'vm', name, '--namespace', namespace, '--ignore-not-found', '-o', 'name'];
  const deadline = Date.now() + 60_000;
  while ((await kubectl(program, get)) === '' && Date.now() < deadline) await sleep(500);
  await kubectl(program, [
    ...['wait', `vm/${name}`, '--namespace', namespace],
    ...['--for', condition, '--timeout', '60s'],
  ]);
}

/** Waits until the guest's own agent has spoken: from then on the guest heeds its power button. */
export async function waitForAgent(
  program: Program,
  { name, namespace }: Pick<NewVm, 'name' | 'namespace'>,
): Promise<void> {
  await kubectl(program, [
    ...['wait', `vmi/${name}`, '--namespace', namespace],
    ...['--for', 'condition=AgentConnected', '--timeout', '90s'],
  ]);
}
