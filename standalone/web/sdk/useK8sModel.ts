import { useEffect, useState } from 'react';
import {
  discovery,
  fromReference,
  type GroupVersionKind,
  type K8sModel,
} from '../k8s/Discovery.ts';

/** The cluster's model of a kind: `[model, loading]`; undefined when the cluster lacks it. */
export function useK8sModel(
  kind: GroupVersionKind | string | undefined,
): [K8sModel | undefined, boolean] {
  const wanted = typeof kind === 'string' ? fromReference(kind) : kind;
  const key = wanted ? JSON.stringify([wanted.group ?? '', wanted.version, wanted.kind]) : '';
  const [answer, setAnswer] = useState<{ key: string; model: K8sModel | undefined }>();
  // Models come from the API server.
  useEffect(() => {
    if (key === '') return undefined;
    let isWanted = true;
    const [group, version, name] = JSON.parse(key) as [string, string, string];
    const give = (model: K8sModel | undefined) => {
      if (isWanted) setAnswer({ key, model });
    };
    // The connection banner tells about a failure; a later mount asks again.
    discovery.model({ group, version, kind: name }).then(give, () => give(undefined));
    return () => {
      isWanted = false;
    };
  }, [key]);
  return answer?.key === key ? [answer.model, false] : [undefined, key !== ''];
}

export function getGroupVersionKindForModel(
  model: Pick<K8sModel, 'apiGroup' | 'apiVersion' | 'kind'>,
): GroupVersionKind {
  return { group: model.apiGroup, version: model.apiVersion, kind: model.kind };
}
