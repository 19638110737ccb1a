import { randomBytes } from 'node:crypto';

import type { Clock } from '../../../client/Clock.ts';
import { ensure } from '../../../client/ensure.ts';
import { controllerReference } from '../../../client/controllerReference.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import { secrets } from '../../../client/resources.ts';
import { timestamp } from '../../../client/timestamp.ts';
import { parseDurationSeconds } from '../../../duration.ts';
import { withCondition } from '../conditions.ts';
import { OperationStatus } from '../OperationStatus.ts';
import { exportLinks } from './exportLinks.ts';
import type { ExportSources, Waiting } from './ExportSources.ts';
import { type VirtualMachineExport, vmExports } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  vmExports: Informer<VirtualMachineExport>;
  sources: ExportSources;
  /** The proxy's addresses from guests and from this machine. */
  origins: () => Readonly<Record<'internal' | 'external', string>> | undefined;
  recorder: EventRecorder;
  clock: Clock;
}

const defaultTtl = '2h0m0s';

/**
 * Offers the disks of a VM, a snapshot or a claim for download while nobody writes to them, and takes the
 * offer back when its time is over. KubeVirt: pkg/storage/export/export/export.go (d923fdb).
 */
export class ExportController {
  readonly #is: Dependencies;
  readonly #status: OperationStatus<VirtualMachineExport>;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#status = new OperationStatus(dependencies, vmExports);
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const found = this.#is.vmExports.get(key);
    if (!found || found.metadata.deletionTimestamp) return {};
    const { metadata, spec } = found;
    const ttl = (parseDurationSeconds(spec.ttlDuration ?? defaultTtl) ?? 0) * 1000;
    const expires = Date.parse(metadata.creationTimestamp) + ttl;
    const left = expires - this.#is.clock.now();
    if (left <= 0) {
      await ignoreGone(
        this.#is.client.delete(vmExports, key, { preconditions: { uid: metadata.uid } }),
      );
      return {};
    }
    const tokenSecretRef = await this.#tokenOf(found);
    const common = {
      tokenSecretRef,
      ttlExpirationTime: timestamp(expires),
      serviceName: `virt-export-${metadata.name}`,
      ...(spec.source.kind === 'VirtualMachine' && { virtualMachineName: spec.source.name }),
    };
    const exported = this.#is.sources.find(found);
    const origins = this.#is.origins();
    if (!('volumes' in exported)) {
      await this.#wait(found, exported, common);
    } else if (origins) {
      const conditions = this.#conditions(found, {
        Ready: ['True', 'PodReady', ''],
        ...volumesOf(found, 'True'),
      });
      const links = exportLinks(metadata, exported, origins);
      await this.#status.write(found, { ...common, phase: 'Ready', links, conditions });
    }
    return { requeueAfterMs: left };
  }

  async #wait(found: VirtualMachineExport, waiting: Waiting, common: object): Promise<void> {
    const { condition, reason, message, isSkipped } = waiting;
    const phase = isSkipped ? 'Skipped' : 'Pending';
    const conditions = this.#conditions(found, {
      Ready: ['False', 'Initializing', ''],
      ...volumesOf(found, reason === 'InUse' ? 'True' : 'False'),
      [condition]: ['False', reason, message],
    });
    const before = found.status?.conditions?.find(({ type }) => type === condition);
    await this.#status.write(found, { ...common, phase, links: null, conditions });
    if (reason === 'InUse' && before?.reason !== reason) {
      this.#is.recorder.warning(found, 'ExportPaused', message);
    }
  }

  /** Name of the secret with the token; it is made unless the user names one. */
  async #tokenOf({ apiVersion, kind, metadata, spec, status }: VirtualMachineExport) {
    const known = spec.tokenSecretRef ?? status?.tokenSecretRef;
    if (known) return known;
    const name = `export-token-${metadata.name}`;
    const token = randomBytes(15).toString('base64url');
    await ensure(this.#is.client, secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        ...(metadata.namespace && { namespace: metadata.namespace }),
        ownerReferences: [controllerReference(apiVersion, kind, metadata)],
      },
      type: 'Opaque',
      data: { token: Buffer.from(token).toString('base64') },
    });
    return name;
  }

  /** Other than those of snapshots, these have their text in `message`. */
  #conditions({ status }: VirtualMachineExport, wanted: Conditions) {
    const time = this.#status.now();
    return Object.entries(wanted).reduce(
      (list, [type, [value, reason, message]]) =>
        withCondition(list, { type, status: value, reason, message }, time),
      status?.conditions ?? [],
    );
  }
}

type Conditions = Readonly<Record<string, [status: string, reason: string, message: string]>>;

/** What is told of the volumes beside the condition Ready, by the kind of the source (pkg/storage/export/export). */
function volumesOf({ spec }: VirtualMachineExport, are: 'True' | 'False'): Conditions {
  switch (spec.source.kind) {
    case 'PersistentVolumeClaim':
      return { PVCReady: [are, are === 'True' ? 'PVCBound' : 'PVCPending', ''] };
    case 'VirtualMachineSnapshot':
      return are === 'True'
        ? { VolumesCreated: [are, 'AllPVCsReady', ''] }
        : { VolumesCreated: [are, 'NotAllPVCsReady', 'Not all PVCs are ready'] };
    default:
      return {};
  }
}
