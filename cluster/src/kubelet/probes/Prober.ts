import type { Clock, Timer } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Pod, Probe } from '../../client/resources.ts';
import { messageOf } from '../../client/messageOf.ts';

export type ProbeKind = 'liveness' | 'readiness';

export interface ProbeTargets {
  /** Asks once; rejects with the reason when the answer is bad, or does not come in time. */
  probe(pod: Pod, kind: ProbeKind): Promise<void>;
  /** Ends a container whose liveness probe failed. */
  kill(pod: Pod): Promise<void>;
}

interface Dependencies {
  targets: ProbeTargets;
  /** The pod as it is now; undefined when it is gone. */
  find: (pod: Pod) => Pod | undefined;
  /** Tells that readiness has changed. */
  changed: (pod: Pod) => void;
  recorder: EventRecorder;
  clock: Clock;
  log: (message: string) => void;
}

interface Worker {
  pod: Pod;
  container: string;
  kind: ProbeKind;
  probe: Probe;
  timer: Timer | undefined;
  /** Of the readiness; liveness is presumed. */
  succeeds: boolean;
  inARow: { good: boolean; count: number };
}

/**
 * Asks the probes of the containers on a node, each at its own pace, as the kubelet's prober does
 * (Kubernetes pkg/kubelet/prober/worker.go).
 */
export class Prober {
  readonly #is: Dependencies;
  readonly #workers = new Map<string, Worker>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Containers that have a readiness probe which has not succeeded, or no longer does. */
  unready(pod: Pod): Set<string> {
    const names = pod.spec.containers
      .filter(({ name, readinessProbe }) => {
        return (
          readinessProbe && this.#workers.get(keyOf(pod, name, 'readiness'))?.succeeds !== true
        );
      })
      .map(({ name }) => name);
    return new Set(names);
  }

  /** Begins to ask the probes of a pod that runs; those that are asked already go on. */
  follow(pod: Pod): void {
    for (const { name, livenessProbe, readinessProbe } of pod.spec.containers) {
      if (livenessProbe) this.#begin(pod, name, 'liveness', livenessProbe);
      if (readinessProbe) this.#begin(pod, name, 'readiness', readinessProbe);
    }
  }

  forget(pod: Pod): void {
    for (const [key, worker] of this.#workers) {
      if (worker.pod.metadata.uid === pod.metadata.uid) this.#end(key, worker);
    }
  }

  /** Ends the probes of pods that are gone. */
  forgetGone(): void {
    for (const [key, worker] of this.#workers) {
      if (!this.#is.find(worker.pod)) this.#end(key, worker);
    }
  }

  close(): void {
    for (const [key, worker] of this.#workers) this.#end(key, worker);
  }

  #begin(pod: Pod, container: string, kind: ProbeKind, probe: Probe): void {
    const key = keyOf(pod, container, kind);
    if (this.#workers.has(key)) return;
    const ready = pod.status?.containerStatuses?.find(({ name }) => name === container)?.ready;
    const inARow = { good: true, count: 0 };
    const succeeds = kind === 'liveness' || ready === true;
    const worker: Worker = { pod, container, kind, probe, timer: undefined, succeeds, inARow };
    this.#workers.set(key, worker);
    this.#after(worker, (probe.initialDelaySeconds ?? 0) * 1000);
  }

  #after(worker: Worker, milliseconds: number): void {
    worker.timer = this.#is.clock.setTimeout(() => {
      this.#ask(worker).catch((error: unknown) => {
        this.#is.log(`prober ${worker.pod.metadata.name}: ${String(error)}`);
      });
    }, milliseconds);
  }

  async #ask(worker: Worker): Promise<void> {
    const { kind, probe } = worker;
    const pod = this.#is.find(worker.pod);
    if (!pod) {
      this.forgetGone();
      return;
    }
    const failure = await this.#is.targets.probe(pod, kind).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    // It may have ended, or been forgotten, meanwhile.
    if (this.#workers.get(keyOf(pod, worker.container, kind)) !== worker) return;
    const good = failure === undefined;
    const count = worker.inARow.good === good ? worker.inARow.count + 1 : 1;
    worker.inARow = { good, count };
    if (!good) {
      const name = kind === 'liveness' ? 'Liveness' : 'Readiness';
      this.#is.recorder.warning(pod, 'Unhealthy', `${name} probe failed: ${failure}`);
    }
    if (kind === 'readiness') this.#readiness(pod, worker);
    else if (!good && count >= (probe.failureThreshold ?? 3)) {
      worker.inARow = { good: true, count: 0 };
      const text = `Container ${worker.container} failed liveness probe`;
      this.#is.recorder.normal(pod, 'Killing', text);
      await this.#is.targets.kill(pod);
    }
    this.#after(worker, (probe.periodSeconds ?? 10) * 1000);
  }

  #readiness(pod: Pod, worker: Worker): void {
    const { good, count } = worker.inARow;
    const threshold = good
      ? (worker.probe.successThreshold ?? 1)
      : (worker.probe.failureThreshold ?? 3);
    if (worker.succeeds === good || count < threshold) return;
    worker.succeeds = good;
    this.#is.changed(pod);
  }

  #end(key: string, { timer }: Worker): void {
    if (timer !== undefined) this.#is.clock.clearTimeout(timer);
    this.#workers.delete(key);
  }
}

const keyOf = ({ metadata }: Pod, container: string, kind: ProbeKind) =>
  `${metadata.uid}/${container}/${kind}`;
