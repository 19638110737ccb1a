import { useEffect, useState } from 'react';
import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import { apiVersion, type Model } from '~/k8s/models';

/** Plurals by group and version, each asked for once for as long as the page lives. */
const known = new Map<string, Promise<ReadonlySet<string>>>();

async function resourcesOf(groupVersion: string): Promise<ReadonlySet<string>> {
  const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
  try {
    const answer = await kubernetesRequest(path);
    const resources = isRecord(answer) ? answer['resources'] : undefined;
    const names = (Array.isArray(resources) ? resources : []).flatMap((one: unknown) =>
      isRecord(one) && typeof one['name'] === 'string' ? [one['name']] : [],
    );
    return new Set(names);
  } catch (error) {
    if (toFailure(error).status === 404) return new Set();
    throw error;
  }
}

/**
 * Whether the cluster serves a resource, or a subresource (`virtualmachines/migrate`); undefined
 * while it is not known. When the cluster does not tell, it is offered: a request says why not.
 */
export function useServed(model: Model, subresource?: string): boolean | undefined {
  const groupVersion = apiVersion(model);
  const name = subresource === undefined ? model.plural : `${model.plural}/${subresource}`;
  const [served, setServed] = useState<{ name: string; is: boolean }>();
  // Asks the cluster what it has.
  useEffect(() => {
    let isOver = false;
    const asked = known.get(groupVersion) ?? resourcesOf(groupVersion);
    known.set(groupVersion, asked);
    asked.then(
      (resources) => {
        if (!isOver) setServed({ name, is: resources.has(name) });
      },
      () => {
        known.delete(groupVersion);
        if (!isOver) setServed({ name, is: true });
      },
    );
    return () => {
      isOver = true;
    };
  }, [groupVersion, name]);
  return served?.name === name ? served.is : undefined;
}

/**
 * The same for several resources at once, each by its model and subresource. Before it is known, and
 * where it cannot be known, all count as served.
 */
export function useServedOf(
  models: readonly Model[],
): (model: Model, subresource?: string) => boolean {
  const groups = [...new Set(models.map(apiVersion))].join(' ');
  const [served, setServed] = useState<ReadonlyMap<string, ReadonlySet<string>>>(new Map());
  // Asks the cluster what it has.
  useEffect(() => {
    let isOver = false;
    for (const groupVersion of groups.split(' ')) {
      const asked = known.get(groupVersion) ?? resourcesOf(groupVersion);
      known.set(groupVersion, asked);
      asked.then(
        (names) => {
          if (!isOver) setServed((before) => new Map(before).set(groupVersion, names));
        },
        () => {
          known.delete(groupVersion);
        },
      );
    }
    return () => {
      isOver = true;
    };
  }, [groups]);
  return (model, subresource) => {
    const name = subresource === undefined ? model.plural : `${model.plural}/${subresource}`;
    return served.get(apiVersion(model))?.has(name) ?? true;
  };
}
