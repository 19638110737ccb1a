import type { ApiHandler, UpgradeHandler } from './ResourceDefinition.ts';

/**
 * A group that is answered by handlers instead of the store, as an aggregated API server would:
 * discovery, authentication and authorisation are done before a handler is called.
 */
export interface AggregatedGroup {
  readonly group: string;
  readonly version: string;
  /** What `/apis/<group>/<version>` lists. */
  readonly resources: readonly AggregatedResource[];
  readonly routes: readonly AggregatedRoute[];
}

export interface AggregatedResource {
  /** With its subresource: `virtualmachines/start`. */
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly group?: string;
  readonly version?: string;
}

/**
 * `path` is below `/apis/<group>/<version>`; `:name` takes one segment, a final `*rest` all that
 * follows. The most specific route wins: list plain segments before parameters.
 */
export type AggregatedRoute =
  | {
      readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
      readonly path: string;
      readonly handler: ApiHandler;
      /** Needs no right, e.g. `/version`. */
      readonly anyUser?: true;
    }
  | {
      readonly method: 'WEBSOCKET';
      readonly path: string;
      readonly upgrade: UpgradeHandler;
      readonly anyUser?: true;
    };
