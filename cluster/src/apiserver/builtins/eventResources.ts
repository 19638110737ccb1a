import type { KubeObject } from '../../client/KubeClient.ts';
import type { Event } from '../../client/resources.ts';
import { invalid, type StatusCause } from '../ApiError.ts';
import type { AnyObject, PrinterColumn, ResourceDefinition } from '../ResourceDefinition.ts';
import { builtin } from './builtin.ts';
import { eventCauses, newEventCauses, seriesEventCauses } from './eventCauses.ts';
import { toCoreEvent, toSeriesEvent } from './eventVersions.ts';

const asEvent = (object: KubeObject) => object as Event;
/** Either form of an event as core/v1 has it. */
const inCoreForm = (object: KubeObject) =>
  object.apiVersion === 'v1' ? asEvent(object) : asEvent(toCoreEvent(object as AnyObject));

const firstSeen = ({ firstTimestamp, eventTime }: Event) => firstTimestamp ?? eventTime ?? '';

const lastSeen = (event: Event) =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? firstSeen(event);

/** `kubelet, node-1`, as kubectl lays it out. */
function sourceText({ source = {}, reportingComponent = '', reportingInstance = '' }: Event) {
  const component = source.component ?? reportingComponent;
  const instance = source.component === undefined ? reportingInstance : (source.host ?? '');
  return instance === '' ? component : `${component}, ${instance}`;
}

/** Of k8s.io/kubernetes, pkg/printers/internalversion: both groups show what is kept in the same way. */
const columns: readonly PrinterColumn[] = (
  [
    ['Last Seen', lastSeen],
    ['Type', ({ type }) => type],
    ['Reason', ({ reason }) => reason],
    [
      'Object',
      ({ involvedObject: { kind = '', name = '' } }) =>
        name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`,
    ],
    ['Subobject', ({ involvedObject }) => involvedObject.fieldPath, 1],
    ['Source', sourceText, 1],
    ['Message', ({ message }) => message?.trim()],
    ['First Seen', firstSeen, 1],
    ['Count', ({ series, count }) => String(series?.count ?? (count || 1)), 1],
    ['Name', ({ metadata }) => metadata.name, 1],
  ] satisfies [string, (event: Event) => string | undefined, number?][]
).map(([name, value, priority = 0]) => ({
  name,
  type: name.endsWith(' Seen') ? 'date' : 'string',
  ...(name === 'Name' ? { format: 'name' } : {}),
  value: (object) => value(inCoreForm(object)) ?? '',
  priority,
}));

const objectFields = [
  'kind',
  'namespace',
  'name',
  'uid',
  'apiVersion',
  'resourceVersion',
  'fieldPath',
];

const shared = {
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  generation: false,
  columns,
} as const;

function refuse(group: string, name: string, causes: StatusCause[]): void {
  if (causes.length > 0) throw invalid({ group, kind: 'Event' }, name, causes);
}

const coreEventResource = builtin<Event>({
  ...shared,
  group: '',
  selectableFields: [
    ...objectFields.map((field) => `involvedObject.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  selectableValues: {
    source: (object) => {
      const { source, reportingComponent } = asEvent(object);
      return source?.component ?? reportingComponent;
    },
  },
  admission: {
    validate({ object, name }) {
      if (object !== undefined) refuse('', name, eventCauses(object, 'reportingComponent'));
    },
  },
});

const group = 'events.k8s.io';

/** The newer form of the same objects. */
const seriesEventResource = builtin<AnyObject>({
  ...shared,
  group,
  storedAs: { resource: 'events', apiVersion: 'v1' },
  convert: async (objects, apiVersion) =>
    Promise.resolve(objects.map(apiVersion === 'v1' ? toCoreEvent : toSeriesEvent)),
  selectableFields: [
    ...objectFields.map((field) => `regarding.${field}`),
    'reason',
    'reportingController',
    'type',
  ],
  selectableValues: {
    ...Object.fromEntries(
      objectFields.map((field) => [`regarding.${field}`, `involvedObject.${field}`]),
    ),
    reportingController: 'reportingComponent',
  },
  admission: {
    validate({ object, oldObject, name }) {
      if (object === undefined) return;
      const event = asEvent(toCoreEvent(object));
      const before = oldObject === undefined ? undefined : asEvent(toCoreEvent(oldObject));
      refuse(group, name, [
        ...eventCauses(event, 'reportingController'),
        ...(before === undefined ? newEventCauses(event) : seriesEventCauses(event, before)),
      ]);
    },
  },
});

export const eventResources: readonly ResourceDefinition[] = [
  coreEventResource,
  seriesEventResource,
];
