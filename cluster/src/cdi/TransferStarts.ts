import { messageOf } from '../client/messageOf.ts';
import type { PersistentVolumeClaim } from '../client/resources.ts';
import type { NotRunning } from './ClaimReports.ts';
import type { Importer } from './importer/Importer.ts';
import type { ScratchClaims } from './ScratchClaims.ts';
import type { Source } from './sources.ts';
import { podNameOf, type TransferKind, type TransferPods } from './TransferPods.ts';

interface Dependencies {
  pods: TransferPods;
  scratch: ScratchClaims;
  importer: Importer;
  log: (message: string) => void;
}

/** Why a transfer cannot begin. */
export interface Pending extends NotRunning {
  /** Nothing else tells when it is worth another try. */
  retryAfterMs?: number;
}

const quotaRetryMs = 10_000;

/** Sees to it that the pod of a transfer runs, with its scratch space, before the transfer begins. */
export class TransferStarts {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Why the pod does not run; undefined when it does. */
  async pending(
    claim: PersistentVolumeClaim,
    source: Source,
    kind: TransferKind,
  ): Promise<Pending | undefined> {
    const needsScratch = this.#needsScratch(source);
    let pod;
    try {
      pod = await this.#is.pods.ensure(claim, kind, { needsScratch });
    } catch (error) {
      this.#logRefusal(error);
      // CDI shows users no more than that, lest it show them secrets (HandleFailedPod).
      const message = `Error starting pod '${podNameOf(claim.metadata.name, kind)}': For more information, request access to cdi-deploy logs from your sysadmin`;
      const reason = 'ErrExceededQuota';
      return { reason, message, isRefused: true, retryAfterMs: quotaRetryMs };
    }
    if (pod.status?.phase === 'Running') return undefined;
    const waiting: Pending = { reason: '', message: '' };
    const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    if (kind === 'import' && scheduled?.reason === 'Unschedulable') {
      waiting.reason = 'Unschedulable';
      waiting.message = 'Importer pod cannot be scheduled';
    }
    if (!needsScratch) return waiting;
    try {
      const scratch = await this.#is.scratch.ensure(claim, pod);
      return { ...waiting, lacksScratch: scratch.status?.phase !== 'Bound' };
    } catch (error) {
      this.#logRefusal(error);
      return { ...waiting, lacksScratch: true, retryAfterMs: quotaRetryMs };
    }
  }

  /** Does what comes have to be kept before it is made a disk? (requiresScratchSpace, makeUploadPodSpec, c07cdb6) */
  #needsScratch(source: Source): boolean {
    if (source.kind === 'upload') return true;
    if (source.kind !== 'import') return false;
    const { registry } = source.from;
    return !registry || (registry.pullMethod !== 'node' && !this.#is.importer.makes(registry));
  }

  /** Throws what is no refusal by a quota. */
  #logRefusal(error: unknown): void {
    const message = messageOf(error);
    if (!message.includes('exceeded quota')) throw error;
    this.#is.log(message);
  }
}
