import type { Event } from '../../client/resources.ts';
import type { StatusCause } from '../ApiError.ts';
import { invalidAt, required } from '../causes.ts';
import { jsonEqual } from '../json.ts';
import { qualifiedNameProblem } from '../verbs/validateMetadata.ts';

/*
 * The rules of k8s.io/kubernetes, pkg/apis/core/validation/events.go. Fields are named as in core/v1, as there.
 */

const longest = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

const isSet = (time: string | null | undefined) => time !== undefined && time !== null;

/** What both groups ask of an event; one with an `eventTime` has to be complete. */
export function eventCauses(event: Event, controllerField: string): StatusCause[] {
  const { metadata, involvedObject } = event;
  const { namespace: about = '' } = involvedObject;
  const home = metadata.namespace ?? '';
  const isNew = isSet(event.eventTime);
  const homes = isNew ? ['default', 'kube-system'] : ['', 'default'];
  const fits = about === '' ? homes.includes(home) : isNew || about === home;
  const causes: StatusCause[] = [];
  if (!fits) {
    causes.push(invalidAt('involvedObject.namespace', about, 'does not match event.namespace'));
  }
  if (!isNew) return causes;
  const { reportingComponent = '' } = event;
  if (reportingComponent === '') causes.push(required(controllerField));
  const problem = qualifiedNameProblem(reportingComponent);
  if (problem !== undefined) {
    causes.push(invalidAt(controllerField, reportingComponent, problem));
  }
  for (const field of ['reportingInstance', 'action', 'reason', 'message'] as const) {
    const { length } = event[field] ?? '';
    if (length === 0 && field !== 'message') causes.push(required(field));
    if (length > longest[field]) {
      causes.push(invalidAt(field, '', `can have at most ${longest[field]} characters`));
    }
  }
  return causes;
}

/** What events.k8s.io asks of an event that is made. */
export function newEventCauses(event: Event): StatusCause[] {
  const causes = seriesCauses(event);
  if (!isSet(event.eventTime)) causes.push(required('eventTime'));
  // The types say what may be there, not what a client sends.
  const type: string = event.type ?? '';
  if (type !== 'Normal' && type !== 'Warning') {
    causes.push(invalidAt('type', '', `has invalid value: ${type}`));
  }
  const old = {
    firstTimestamp: isSet(event.firstTimestamp),
    lastTimestamp: isSet(event.lastTimestamp),
    count: (event.count ?? 0) !== 0,
    source: Object.values(event.source ?? {}).some((text) => text !== ''),
  };
  for (const [field, given] of Object.entries(old)) {
    if (given) causes.push(invalidAt(field, '', 'needs to be unset'));
  }
  return causes;
}

/** What events.k8s.io asks of a change: only the series, labels and the like may differ. */
export function seriesEventCauses(event: Event, before: Event): StatusCause[] {
  const causes = jsonEqual(event.series, before.series) ? [] : seriesCauses(event);
  for (const field of fixedFields) {
    if (jsonEqual(event[field], before[field])) continue;
    causes.push(invalidAt(field, event[field], 'field is immutable'));
  }
  return causes;
}

const fixedFields = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const;

function seriesCauses({ series }: Event): StatusCause[] {
  if (!series) return [];
  const causes: StatusCause[] = [];
  if ((series.count ?? 0) < 2) causes.push(invalidAt('series.count', '', 'should be at least 2'));
  if (!isSet(series.lastObservedTime)) causes.push(required('series.lastObservedTime'));
  return causes;
}
