import type { ApiContext, Presented, Target } from '../ApiContext.ts';
import { notAcceptable } from '../ApiError.ts';
import { partialMetadata, table, type IncludeObject } from '../printing/table.ts';
import { apiVersionOf } from '../ResourceDefinition.ts';
import type { ObjectList } from '../verbs/readObjects.ts';

/** The form in which a client wants objects. */
export type Representation = 'json' | 'table' | 'metadata';

/**
 * Chooses the form by the Accept header: the first one that can be served, as clients list what they
 * like best first. Protobuf and CBOR are not spoken.
 */
export function representationFor(accept: string | undefined): Representation {
  if (accept === undefined || accept.trim() === '') return 'json';
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    const json = ['application/json', 'application/*', '*/*', 'text/html', 'application/yaml'];
    if (!json.includes(type)) continue;
    if (as === undefined) return 'json';
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
  }
  throw notAcceptable(
    'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io, application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  );
}

export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  return value === 'None' || value === 'Object' ? value : 'Metadata';
}

/** One object as JSON text. */
export function objectText(
  context: ApiContext,
  target: Target,
  shown: Presented,
  form: Representation,
  query: URLSearchParams,
  columns = true,
): string {
  switch (form) {
    case 'json':
      return shown.json;
    case 'metadata':
      return JSON.stringify(partialMetadata(shown.object));
    case 'table': {
      const metadata = { resourceVersion: shown.object.metadata.resourceVersion };
      return JSON.stringify(
        table(
          target.resource,
          target.version,
          [shown],
          metadata,
          includeObject(query),
          context.now(),
          columns,
        ),
      );
    }
  }
}

/** A list as JSON text, put together from the texts of its items. */
export function listText(
  context: ApiContext,
  target: Target,
  list: ObjectList,
  form: Representation,
  query: URLSearchParams,
): string {
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(list.continue === undefined ? {} : { continue: list.continue }),
    ...(list.remainingItemCount === undefined
      ? {}
      : { remainingItemCount: list.remainingItemCount }),
  };
  if (form === 'table') {
    return JSON.stringify(
      table(
        target.resource,
        target.version,
        list.items,
        metadata,
        includeObject(query),
        context.now(),
      ),
    );
  }
  const { resource, version } = target;
  const items =
    form === 'json'
      ? list.items.map(({ json }) => json)
      : list.items.map(({ object }) => JSON.stringify(partialMetadata(object)));
  const type =
    form === 'json'
      ? {
          kind: resource.listKind ?? `${resource.kind}List`,
          apiVersion: apiVersionOf(resource.group, version),
        }
      : { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' };
  const head = JSON.stringify({ ...type, metadata });
  return `${head.slice(0, -1)},"items":[${items.join(',')}]}`;
}
