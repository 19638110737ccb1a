import type { KubeObject } from '../../client/KubeClient.ts';
import type { Condition } from '../../client/resources.ts';
import type { JsonSchema, ScalePaths } from '../ResourceDefinition.ts';

/**
 * A CustomResourceDefinition (apiextensions.k8s.io/v1) as a client may send it: checked for types, not
 * yet for what it has to hold.
 */
export interface DefinitionObject extends KubeObject {
  spec: DefinitionSpec;
  status?: DefinitionStatus;
}

export interface DefinitionSpec {
  group?: string;
  scope?: string;
  names?: DefinitionNames;
  versions?: DefinitionVersion[];
  conversion?: DefinitionConversion;
  preserveUnknownFields?: boolean;
}

export interface DefinitionConversion {
  strategy?: string;
  webhook?: {
    clientConfig?: {
      url?: string;
      /** PEM in base64; the machine's own authorities when absent. */
      caBundle?: string;
      service?: { namespace?: string; name?: string; path?: string; port?: number };
    };
    conversionReviewVersions?: string[];
  };
}

export interface DefinitionNames {
  kind?: string;
  listKind?: string;
  plural?: string;
  singular?: string;
  shortNames?: string[];
  categories?: string[];
}

export interface DefinitionVersion {
  name?: string;
  served?: boolean;
  storage?: boolean;
  deprecated?: boolean;
  deprecationWarning?: string;
  schema?: { openAPIV3Schema?: JsonSchema };
  subresources?: { status?: object; scale?: Partial<ScalePaths> };
  additionalPrinterColumns?: DefinitionColumn[];
  selectableFields?: { jsonPath?: string }[];
}

export interface DefinitionColumn {
  name?: string;
  type?: string;
  jsonPath?: string;
  format?: string;
  description?: string;
  priority?: number;
}

export interface DefinitionStatus {
  conditions?: Condition[];
  acceptedNames?: DefinitionNames;
  storedVersions?: string[];
}

/** Keeps a definition until all its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export function hasCondition({ status }: DefinitionObject, type: string): boolean {
  return (status?.conditions ?? []).some((one) => one.type === type && one.status === 'True');
}
