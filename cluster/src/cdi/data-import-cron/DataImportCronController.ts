import type { Clock } from '../../client/Clock.ts';
import { ensure } from '../../client/ensure.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import type { ReconcileResult } from '../../client/Reconciler.ts';
import type { StorageClass } from '../../client/resources.ts';
import { timestamp } from '../../client/timestamp.ts';
import { volumeSnapshots } from '../../hostpath-provisioner/snapshotResources.ts';
import { defaultClassOf } from '../claims.ts';
import {
  type DataImportCron,
  dataImportCrons,
  dataSources,
  dataVolumes,
  type StorageProfile,
} from '../resources.ts';
import { messageOf } from '../../client/messageOf.ts';
import { tell, told } from './cronCondition.ts';
import { CronImports, type ImportInformers, type ImportState } from './CronImports.ts';
import {
  cronAnnotations,
  cronLabel,
  cronLabels,
  dataSourceKey,
  importDataVolume,
  importKey,
  managedDataSource,
} from './cronObjects.ts';
import { nextTime } from './cronSchedule.ts';

interface Dependencies extends ImportInformers {
  client: KubeClient;
  dataImportCrons: Informer<DataImportCron>;
  classes: Informer<StorageClass>;
  storageProfiles: Informer<StorageProfile>;
  /** The digest that the source of a cron has now, `sha256:...` or `uid:...`. */
  digestOf: (cron: DataImportCron, signal: AbortSignal) => Promise<string>;
  /** May the cron's service account clone the cron's source? */
  mayImport: (cron: DataImportCron) => Promise<boolean>;
  recorder: EventRecorder;
  clock: Clock;
}

type Format = 'pvc' | 'snapshot';

/** A source that cannot be asked is asked again after this time, also before the schedule says so. */
const retryMs = 60_000;
const settleMs = 1000;
/** Timers cannot be set for more than 24 days. */
const longestMs = 24 * 3_600_000;

/**
 * Imports the image of each DataImportCron when its source has a new one, and points the managed DataSource
 * at the newest (CDI: pkg/controller/dataimportcron-controller.go, c07cdb6). CDI asks registries by pods and
 * CronJobs; here the controller asks them itself, whatever the pull method.
 */
export class DataImportCronController {
  readonly #is: Dependencies;
  readonly #imports: CronImports;
  readonly #closing = new AbortController();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#imports = new CronImports(dependencies.client, dependencies);
  }

  async reconcile(key: ObjectKey): Promise<ReconcileResult> {
    const found = this.#is.dataImportCrons.get(key);
    if (!found || found.metadata.deletionTimestamp) {
      await this.#imports.removeAllOf(key);
      return {};
    }
    if (this.#isManagedByAnother(found)) return {};
    // Changed in place and written once, at the end.
    const cron = structuredClone(found);
    const again = await this.#bringOn(cron);
    if (JSON.stringify(cron) !== JSON.stringify(found)) {
      await ignoreGone(this.#is.client.update(dataImportCrons, cron));
    }
    return again;
  }

  #isManagedByAnother(cron: DataImportCron): boolean {
    const key = dataSourceKey(cron);
    const label = this.#is.dataSources.get(key)?.metadata.labels?.[cronLabel];
    if (!label || label === cron.metadata.name) return false;
    const other = this.#is.dataImportCrons.get({ ...key, name: label });
    if (other?.spec.managedDataSource !== key.name) return false;
    this.#is.recorder.warning(
      cron,
      'ErrDataSourceAlreadyManaged',
      `DataSource ${key.name} is already managed by DataImportCron ${label}`,
    );
    return true;
  }

  async #bringOn(cron: DataImportCron): Promise<ReconcileResult> {
    const { storage, pvc } = cron.spec.template.spec;
    const className =
      (storage ?? pvc)?.storageClassName ?? defaultClassOf(this.#is.classes)?.metadata.name;
    if (className && !(await this.#moveToClass(cron, className))) {
      return { requeueAfterMs: settleMs };
    }
    const profile = this.#is.storageProfiles.get({ name: className ?? '' })?.status;
    const format = profile?.dataImportCronSourceFormat ?? 'pvc';
    const current = cron.status?.currentImports?.[0];
    const key = current && importKey(cron, current.Digest);
    const state = key ? this.#imports.find(key) : none;
    const isThere = await this.#takeIn(cron, state, format, profile?.snapshotClass);
    if (isThere && key) {
      this.#rememberImport(cron, key);
      await this.#imports.collect(cron, key);
    }
    await this.#updateDataSource(cron, format);
    const again = await this.#poll(cron);
    await this.#judge(cron, { state, isThere, format });
    const lastTime = cron.metadata.annotations?.[cronAnnotations.lastTime];
    if (lastTime) cron.status = { ...cron.status, lastExecutionTimestamp: lastTime };
    return again;
  }

  /** An import of another class than the wanted one is made anew. False while the old one is still there. */
  async #moveToClass(cron: DataImportCron, className: string): Promise<boolean> {
    const notes = (cron.metadata.annotations ??= {});
    const before = notes[cronAnnotations.storageClass];
    const digest = notes[cronAnnotations.desiredDigest];
    if (before !== undefined && before !== className && digest) {
      if (!(await this.#imports.remove(importKey(cron, digest)))) return false;
    }
    notes[cronAnnotations.storageClass] = className;
    return true;
  }

  /** Tells how the current import is getting on. True when its content is there, in whatever form. */
  async #takeIn(
    cron: DataImportCron,
    { dataVolume, claim, snapshot }: ImportState,
    format: Format,
    snapshotClass: string | undefined,
  ): Promise<boolean> {
    const say = (what: Parameters<typeof tell>[2]) =>
      tell(cron, 'Progressing', what, this.#is.clock.now());
    const phase = dataVolume?.status?.phase;
    if (dataVolume && phase !== 'Succeeded') {
      if (phase === 'ImportScheduled') say(told.scheduled);
      else if (phase === 'ImportInProgress') say(told.progressing);
      else say(['False', phase ?? '', `Import DataVolume phase ${phase ?? ''}`]);
      return false;
    }
    if (dataVolume ?? claim?.status?.phase === 'Bound') {
      await this.#useOnce(cron, { dataVolume, claim, snapshot });
      if (format === 'snapshot' && claim) {
        await this.#imports.keepAsSnapshot(cron, claim, { snapshotClass, now: this.#preciseNow() });
      }
    } else if (snapshot && format === 'pvc') {
      // It cannot be made a claim again: the image is imported anew.
      await ignoreGone(this.#is.client.delete(volumeSnapshots, snapshot.metadata));
      return false;
    } else if (snapshot) {
      await this.#useOnce(cron, { dataVolume, claim, snapshot });
    } else {
      if (cron.status?.currentImports) {
        cron.status = { ...cron.status, currentImports: cron.status.currentImports.slice(1) };
      }
      say(told.noImport);
      return false;
    }
    say(told.noImport);
    return true;
  }

  async #useOnce(cron: DataImportCron, state: ImportState): Promise<void> {
    const { metadata } = state.claim ?? state.snapshot ?? {};
    const isMarked = metadata?.labels?.[cronLabel] === cron.metadata.name;
    if (isMarked && cron.status?.lastImportedPVC?.name === metadata.name) return;
    await this.#imports.use(cron, state, this.#preciseNow());
  }

  #rememberImport(cron: DataImportCron, { namespace, name }: { namespace: string; name: string }) {
    if (cron.status?.lastImportedPVC?.name === name) return;
    cron.status = {
      ...cron.status,
      lastImportedPVC: { namespace, name },
      lastImportTimestamp: timestamp(this.#is.clock.now()),
    };
  }

  /** Points the managed DataSource at the newest import. One that is not the cron's is left alone. */
  async #updateDataSource(cron: DataImportCron, format: Format): Promise<void> {
    const last = cron.status?.lastImportedPVC;
    const source = last && { [format]: { namespace: last.namespace, name: last.name } };
    const found = this.#is.dataSources.get(dataSourceKey(cron));
    if (!found) {
      const made = managedDataSource(cron);
      await ensure(this.#is.client, dataSources, source ? { ...made, spec: { source } } : made);
      return;
    }
    if (found.metadata.labels?.[cronLabel] !== cron.metadata.name) return;
    const labels = { ...found.metadata.labels, ...cronLabels(cron) };
    const next = {
      ...found,
      metadata: { ...found.metadata, labels },
      spec: source ? { source } : found.spec,
    };
    if (JSON.stringify(next) === JSON.stringify(found)) return;
    await ignoreGone(this.#is.client.update(dataSources, next));
  }

  /** Asks the source for its digest when it is time to; an empty schedule leaves that to whoever annotates. */
  async #poll(cron: DataImportCron): Promise<ReconcileResult> {
    const { schedule } = cron.spec;
    if (!schedule) return {};
    const now = this.#is.clock.now();
    const notes = (cron.metadata.annotations ??= {});
    const due = Date.parse(notes[cronAnnotations.nextTime] ?? '');
    if (due > now) return { requeueAfterMs: Math.min(due - now, longestMs) };
    const next = nextTime(schedule, now);
    try {
      notes[cronAnnotations.desiredDigest] = await this.#is.digestOf(cron, this.#closing.signal);
      notes[cronAnnotations.lastTime] = timestamp(now);
    } catch (error) {
      if (this.#closing.signal.aborted) return {};
      const message = messageOf(error);
      this.#is.recorder.warning(cron, 'ErrSourceDigest', message);
      return { requeueAfterMs: Math.min((next ?? Infinity) - now, retryMs) };
    }
    if (next === undefined) return {};
    notes[cronAnnotations.nextTime] = timestamp(next);
    return { requeueAfterMs: Math.min(next - now, longestMs) };
  }

  /** Begins an import when the source has another image than the current one; says what is so. */
  async #judge(
    cron: DataImportCron,
    { state, isThere, format }: { state: ImportState; isThere: boolean; format: Format },
  ): Promise<void> {
    const say = (what: Parameters<typeof tell>[2]) =>
      tell(cron, 'UpToDate', what, this.#is.clock.now());
    const wanted = cron.metadata.annotations?.[cronAnnotations.desiredDigest];
    const current = cron.status?.currentImports?.[0];
    if (wanted && wanted !== current?.Digest) {
      say(told.outdated);
      if (current && !isThere) await this.#giveUp(cron, state);
      if (isThere || !current) await this.#import(cron, wanted);
    } else if (isThere) {
      cron.status = { ...cron.status, sourceFormat: format };
      const { snapshot } = state;
      if (format === 'pvc' || snapshot?.status?.readyToUse) say(told.upToDate);
      else say(told.snapshotting);
    } else {
      say(current ? told.notYet : told.noDigest);
    }
  }

  /** An import that fails is not waited for when the source has a newer image. */
  async #giveUp(cron: DataImportCron, { dataVolume }: ImportState): Promise<void> {
    const running = dataVolume?.status?.conditions?.find(({ type }) => type === 'Running');
    if (!dataVolume || running?.reason !== 'Error') return;
    await ignoreGone(this.#is.client.delete(dataVolumes, dataVolume.metadata));
    cron.status = { ...cron.status, currentImports: [] };
  }

  async #import(cron: DataImportCron, digest: string): Promise<void> {
    const key = importKey(cron, digest);
    const known = this.#imports.find(key);
    if (known.claim ?? known.snapshot) {
      // The source went back to an image that is still kept.
      await this.#imports.use(cron, known, this.#preciseNow());
    } else {
      if (!(await this.#is.mayImport(cron))) {
        tell(cron, 'Progressing', told.notAuthorized, this.#is.clock.now());
        return;
      }
      const made = importDataVolume(cron, digest, this.#preciseNow());
      await ensure(this.#is.client, dataVolumes, made);
    }
    const currentImports = [{ DataVolumeName: key.name, Digest: digest }];
    cron.status = { ...cron.status, currentImports };
  }

  /** Imports of one second are told apart by it. */
  #preciseNow(): string {
    return new Date(this.#is.clock.now()).toISOString();
  }

  /** Ends questions to sources that are under way. */
  close(): void {
    this.#closing.abort();
  }
}

const none: ImportState = { dataVolume: undefined, claim: undefined, snapshot: undefined };
