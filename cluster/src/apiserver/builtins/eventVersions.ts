import type { AnyObject } from '../ResourceDefinition.ts';

/** The fields of events.k8s.io/v1 that core/v1 calls otherwise (pkg/apis/events/v1/conversion.go). */
const coreNames = new Map([
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]);
const seriesNames = new Map([...coreNames].map(([series, core]) => [core, series]));

/** An event of events.k8s.io/v1 as core/v1 knows it. */
export function toCoreEvent(event: AnyObject): AnyObject {
  return renamed(event, 'v1', coreNames);
}

/** An event of core/v1 as events.k8s.io/v1 knows it. */
export function toSeriesEvent(event: AnyObject): AnyObject {
  return renamed(event, 'events.k8s.io/v1', seriesNames);
}

function renamed(
  event: AnyObject,
  apiVersion: string,
  names: ReadonlyMap<string, string>,
): AnyObject {
  const fields = Object.entries(event).map(([name, value]): [string, unknown] => [
    names.get(name) ?? name,
    value,
  ]);
  const { kind, metadata } = event;
  return { ...Object.fromEntries(fields), apiVersion, kind, metadata };
}
