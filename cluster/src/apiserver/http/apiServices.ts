import { timestamp } from '../../client/timestamp.ts';
import type { AggregatedGroup } from '../AggregatedGroup.ts';
import { notFound } from '../ApiError.ts';
import { compareVersions } from '../compareVersions.ts';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

interface Served {
  /** What discovery lists at the moment. */
  groupVersions(): readonly GroupVersion[];
  /** Since when. */
  readonly started: Date;
}

const group = 'apiregistration.k8s.io';
const apiVersion = `${group}/v1`;
const kind = 'APIService';

/**
 * APIServices for reading: one for each group and version that is served, all by this server. None can
 * be added, because no other server is asked.
 */
export function apiServices(served: Served): AggregatedGroup {
  const objects = () => {
    const all = served.groupVersions();
    return all.map((one) => apiService(one, all, served.started));
  };
  return {
    group,
    version: 'v1',
    resources: [
      {
        name: 'apiservices',
        singularName: 'apiservice',
        namespaced: false,
        kind,
        verbs: ['get', 'list'],
      },
    ],
    routes: [
      {
        method: 'GET',
        path: '/apiservices',
        handler: () => ({
          code: 200,
          json: {
            apiVersion,
            kind: `${kind}List`,
            metadata: { resourceVersion: '1' },
            items: objects(),
          },
        }),
      },
      {
        method: 'GET',
        path: '/apiservices/:name',
        handler: ({ params: { name = '' } }) => {
          const found = objects().find(({ metadata }) => metadata.name === name);
          if (found === undefined) throw notFound({ group, plural: 'apiservices' }, name);
          return { code: 200, json: found };
        },
      },
    ],
  };
}

function apiService({ group, version }: GroupVersion, all: readonly GroupVersion[], since: Date) {
  const creationTimestamp = timestamp(since);
  // The first of a group's versions has the highest priority.
  const better = all.filter(
    (other) => other.group === group && compareVersions(other.version, version) < 0,
  );
  const isCore = group === '';
  return {
    apiVersion,
    kind,
    metadata: {
      name: `${version}.${group}`,
      creationTimestamp,
      labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' },
    },
    spec: {
      ...(isCore ? {} : { group }),
      version,
      groupPriorityMinimum: isCore ? 18_000 : 1000,
      versionPriority: Math.max(1, 100 - better.length),
    },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'Local',
          message: 'Local APIServices are always available',
          lastTransitionTime: creationTimestamp,
        },
      ],
    },
  };
}
