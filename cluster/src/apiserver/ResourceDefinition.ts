import type { WebSocket } from 'ws';
import type { DeleteOptions, KubeClient, KubeObject } from '../client/KubeClient.ts';
import type { ApiReply } from './ApiReply.ts';
import type { JsonObject } from './json.ts';
import type { UserInfo } from './auth/UserInfo.ts';

/** What names are made of: as in DNS, whole or a label of it (of RFC 1123 or 1035), or anything but a path. */
export type NameRule = 'subdomain' | 'label' | 'dns1035' | 'path';

/**
 * One resource that the server stores and serves: what a CustomResourceDefinition says, with the
 * admission that Kubernetes would ask webhooks for.
 */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  /** '' for the core group. */
  readonly group: string;
  readonly versions: readonly ResourceVersion[];
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  /** `<kind>List` when absent. */
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /**
   * Makes objects of one version those of another (`tekton.dev/v1`), in their order, as copies; rejects when
   * that fails. Absent: versions differ in `apiVersion` alone.
   */
  convert?(objects: readonly AnyObject[], apiVersion: string): Promise<readonly AnyObject[]>;
  /**
   * The objects are those of another resource, in another form: events of events.k8s.io are kept as
   * those of the core group. Then `convert` knows both `apiVersion`s.
   */
  readonly storedAs?: { readonly resource: string; readonly apiVersion: string };
  /** Which verbs are served; all of them when absent. */
  readonly verbs?: readonly Verb[];
  readonly subresources?: Subresources;
  /** Does the server count `metadata.generation`? True when absent. */
  readonly generation?: boolean;
  /** Columns after NAME, unless one of them has the format `name`; AGE alone when absent. */
  readonly columns?: readonly PrinterColumn[];
  /** Fields besides metadata.name and metadata.namespace for field selectors: `spec.nodeName`. */
  readonly selectableFields?: readonly string[];
  /** Where the value of a selectable field is found in a stored object, if not at its own path. */
  readonly selectableValues?: Readonly<
    Record<string, string | ((object: KubeObject) => string | undefined)>
  >;
  readonly admission?: Admission<T>;
  /** The generated OpenAPI model that is published; see openApiModels.ts. The schema when absent. */
  readonly model?: string;
  /** OpenAPI v3 schema. When present it is published, and objects are pruned and checked by it. */
  readonly schema?: JsonSchema;
  /** Rule for metadata.name; 'subdomain' (RFC 1123) when absent. */
  readonly nameRule?: NameRule;
  /** Built-ins take strategic merge patches; custom resources do not (415). */
  readonly strategicMerge?: boolean;
  /** Subresources with behaviour of their own, e.g. `log` and `eviction` of pods. */
  readonly connect?: Readonly<Record<string, ConnectSubresource>>;
  /**
   * Seconds between a delete request and the end of the object; 0 or absent removes it at once. Who
   * runs the object then deletes it again with grace period 0, as a kubelet does.
   */
  gracePeriodSeconds?(object: T, options: DeleteOptions): number;
  /** What keeps a deleted object besides metadata.finalizers; the namespace's `spec.finalizers`. */
  readonly finalizersPath?: readonly string[];
  /** Called on the object when a delete request only marks it. */
  markDeleted?(object: T): void;
}

export interface Subresources {
  /** `/status` exists: the main resource then leaves `status` alone, and `/status` all the rest. */
  readonly status?: true;
  readonly scale?: ScalePaths;
}

export type Verb =
  'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface ResourceVersion {
  readonly name: string;
  /** True when absent. */
  readonly served?: boolean;
  /** Exactly one version is stored; the first one when none says so. */
  readonly storage?: boolean;
  /** Sent as a `Warning` header with every reply in this version. */
  readonly deprecationWarning?: string;
  /** The resource's own when absent. */
  readonly schema?: JsonSchema;
  readonly columns?: readonly PrinterColumn[];
  readonly subresources?: Subresources;
}

/** JSON paths as in a CustomResourceDefinition, e.g. `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** A JSON path (`.status.conditions[?(@.type=='Ready')].status`) or a function of the object. */
  readonly value: string | ((object: KubeObject) => string | number | boolean | undefined);
  /** 0 when absent; columns with 1 are shown by `-o wide` only. */
  readonly priority?: number;
  readonly format?: string;
  readonly description?: string;
}

/** `mutate` changes `context.object` in place; `validate` throws an ApiError to refuse. */
export interface Admission<T extends KubeObject = KubeObject> {
  mutate?(context: AdmissionContext<T>): void | Promise<void>;
  validate?(context: AdmissionContext<T>): void | Promise<void>;
}

interface AdmissionRequest {
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** '' for the resource itself, else e.g. 'status'. */
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Answers with the rights of the server itself. */
  readonly client: KubeClient;
  /** Adds a `Warning` header to the reply. */
  warn(text: string): void;
}

export type AdmissionContext<T extends KubeObject = KubeObject> = AdmissionRequest &
  (
    | { readonly operation: 'CREATE'; readonly object: T; readonly oldObject: undefined }
    | { readonly operation: 'UPDATE'; readonly object: T; readonly oldObject: T }
    | { readonly operation: 'DELETE'; readonly object: undefined; readonly oldObject: T }
  );

/** A request to a subresource with behaviour or to an aggregated route. */
export interface ApiRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Named parts of the route: `namespace`, `name` ... */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The decoded JSON or YAML body; undefined when it is empty. */
  readonly body: unknown;
  readonly user: UserInfo;
  /** Answers with the rights of the server itself. */
  readonly client: KubeClient;
  /** Aborted when the client goes away, or when a prepared WebSocket is not opened after all. */
  readonly signal: AbortSignal;
  /** Does the client want a WebSocket? */
  readonly isUpgrade: boolean;
}

export type ApiHandler = (request: ApiRequest) => ApiReply | Promise<ApiReply>;

/**
 * Prepares a WebSocket: what it throws is answered as an HTTP error, because it runs before the 101.
 * The function it returns takes over the open socket.
 *
 * It is also called for a plain GET of the route (`isUpgrade` false), by which browsers learn why a
 * WebSocket was refused. Then it should check and throw, but open nothing and displace nobody; the
 * function that it returns is not called.
 */
export type UpgradeHandler = (
  request: ApiRequest,
) => ((socket: WebSocket) => void) | Promise<(socket: WebSocket) => void>;

export interface ConnectSubresource {
  readonly verbs: readonly Verb[];
  /** Kind and group/version that discovery shows; those of the resource when absent. */
  readonly kind?: string;
  readonly groupVersion?: { readonly group: string; readonly version: string };
  readonly handler?: ApiHandler;
  readonly upgrade?: UpgradeHandler;
}

/** The part of OpenAPI v3 schemas that the server evaluates; anything else is only published. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  /** How server-side apply merges a list; as a whole (`atomic`) when absent. */
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  /** How server-side apply merges an object; field by field (`granular`) when absent. */
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  /** Rules in CEL that values have to keep. */
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  /** How a strategic merge patch merges a list. */
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

/** A rule of a schema in CEL (apiextensions.k8s.io/v1). */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  /** An expression that gives the message; `message` when it fails. */
  readonly messageExpression?: string;
  readonly reason?: string;
  /** Where the problem is shown, below the value: `.spec.name`. */
  readonly fieldPath?: string;
  /** The rule is evaluated for new values too; `oldSelf` is an optional then. */
  readonly optionalOldSelf?: boolean;
}

/** An object of a kind that is known only at run time. */
export type AnyObject = KubeObject & JsonObject;

/** The schema of a resource in one version; undefined when nothing is known. */
export function schemaOf(resource: ResourceDefinition, version: string): JsonSchema | undefined {
  const own = resource.versions.find(({ name }) => name === version)?.schema;
  return own ?? resource.schema;
}

/** Status and scale of a resource in one version. */
export function subresourcesOf(resource: ResourceDefinition, version: string): Subresources {
  const own = resource.versions.find(({ name }) => name === version)?.subresources;
  return own ?? resource.subresources ?? {};
}

/** The version in which the resource's objects are kept. */
export function storageVersion(definition: ResourceDefinition): string {
  const version =
    definition.versions.find((candidate) => candidate.storage === true) ?? definition.versions[0];
  if (version === undefined) throw new Error(`${definition.plural}: no version`);
  return version.name;
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
