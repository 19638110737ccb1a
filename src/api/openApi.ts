import { useEffect, useState } from 'react';

import { kubernetesRequest } from '~/console/http';
import { toFailure, type Failure } from '~/k8s/errors';
import type { Model } from '~/k8s/models';
import { OpenApi } from '~/k8s/yaml/openApi';

/** Of each group and version one document; it changes with the cluster's release only. */
const documents = new Map<string, Promise<OpenApi>>();

function load({ group, version }: Pick<Model, 'group' | 'version'>): Promise<OpenApi> {
  const path = group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`;
  let document = documents.get(path);
  if (document === undefined) {
    document = kubernetesRequest(path).then((answer) => new OpenApi(answer));
    documents.set(path, document);
    // What failed is asked for again the next time.
    document.catch(() => documents.delete(path));
  }
  return document;
}

/**
 * What the cluster's API says of the kinds of a group (OpenAPI v3). `api` is undefined until it is
 * there; without it all else works, and `failure` says why there is no help.
 */
export function useOpenApi({ group, version }: Pick<Model, 'group' | 'version'>): {
  api: OpenApi | undefined;
  failure: Failure | undefined;
} {
  const [answer, setAnswer] = useState<{ api?: OpenApi; failure?: Failure }>({});
  // Asks the API server.
  useEffect(() => {
    let isWanted = true;
    load({ group, version }).then(
      (api) => {
        if (isWanted) setAnswer({ api });
      },
      (error: unknown) => {
        if (isWanted) setAnswer({ failure: toFailure(error) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [group, version]);
  return { api: answer.api, failure: answer.failure };
}
