import type { Job, JobItem } from '~/k8s/Jobs';
import type { TaskRow, TaskState } from '~/kubevirt/taskRow';

/** One object of a job with what the cluster says of that which was made for it. */
export interface TaskItem {
  item: JobItem;
  /** Undefined where nothing was made, or it is not there: not yet, or no more. */
  made: TaskRow | undefined;
  /** Of the request until it is answered, then of what it made. */
  state: TaskState;
}

export interface JobTask {
  job: Job;
  items: readonly TaskItem[];
  state: TaskState;
}

function jobState(items: readonly TaskItem[]): TaskState {
  const has = (state: TaskState) => items.some((one) => one.state === state);
  if (has('running') || has('waiting')) return 'running';
  if (has('failed')) return 'failed';
  return has('cancelled') ? 'cancelled' : 'succeeded';
}

/**
 * Joins what was asked for on this page with the objects that came of it, so that each is told once.
 * The rows that nobody here asked for are the others.
 */
export function joinTasks(
  jobs: readonly Job[],
  rows: readonly TaskRow[],
): { asked: readonly JobTask[]; others: readonly TaskRow[] } {
  const keyOf = (kind: string, namespace: string, name: string) => `${kind} ${namespace}/${name}`;
  const byKey = new Map(rows.map((row) => [keyOf(row.kind, row.namespace, row.name), row]));
  const told = new Set<TaskRow>();
  const asked = jobs.map((job): JobTask => {
    const items = job.items.map((item): TaskItem => {
      const { made: object, namespace, state } = item;
      const made = object && byKey.get(keyOf(object.kind, namespace, object.name));
      if (made) told.add(made);
      return { item, made, state: state === 'succeeded' && made ? made.state : state };
    });
    return { job, items, state: jobState(items) };
  });
  return { asked, others: rows.filter((row) => !told.has(row)) };
}
