import type { StatusCause } from '../ApiError.ts';
import { forbiddenAt, invalidAt, notSupported, required } from '../causes.ts';
import { jsonEqual } from '../json.ts';
import { isJsonPath } from '../jsonPath.ts';
import {
  hasCondition,
  type DefinitionColumn,
  type DefinitionConversion,
  type DefinitionObject,
  type DefinitionVersion,
} from './DefinitionObject.ts';
import { ruleProblems } from './ruleProblems.ts';
import { structuralCauses } from './structuralCauses.ts';

const dnsLabel = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const dnsLabelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

/**
 * What is wrong with a definition (k8s.io/apiextensions-apiserver,
 * pkg/apis/apiextensions/validation/validation.go).
 */
export function definitionCauses({ metadata, spec }: DefinitionObject): StatusCause[] {
  const causes: StatusCause[] = [];
  const { group = '', scope, names = {}, versions = [], conversion } = spec;
  if (metadata.name !== `${names.plural ?? ''}.${group}`) {
    const problem = 'must be spec.names.plural+"."+spec.group';
    causes.push(invalidAt('metadata.name', metadata.name, problem));
  }
  if (group === '') causes.push(required('spec.group', ''));
  else if (!group.includes('.')) {
    causes.push(invalidAt('spec.group', group, 'should be a domain with at least one dot'));
  }
  if (scope !== 'Cluster' && scope !== 'Namespaced') {
    causes.push(notSupported('spec.scope', scope ?? '', ['Cluster', 'Namespaced']));
  }
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) {
    const value = names[field] ?? '';
    if (value === '') causes.push(required(`spec.names.${field}`, ''));
    else if (!dnsLabel.test(value.toLowerCase()) || value.length > 63) {
      causes.push(invalidAt(`spec.names.${field}`, value, dnsLabelText));
    }
  }
  if (spec.preserveUnknownFields === true) {
    const problem =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    causes.push(invalidAt('spec.preserveUnknownFields', true, problem));
  }
  return [...causes, ...conversionCauses(conversion), ...versionsCauses(versions)];
}

function conversionCauses({
  strategy = 'None',
  webhook,
}: DefinitionConversion = {}): StatusCause[] {
  const field = 'spec.conversion';
  if (strategy === 'None') {
    if (webhook === undefined) return [];
    const problem = 'should not be set when strategy is not set to Webhook';
    return [forbiddenAt(`${field}.webhook`, problem)];
  }
  if (strategy !== 'Webhook') {
    return [notSupported(`${field}.strategy`, strategy, ['None', 'Webhook'])];
  }
  const { clientConfig, conversionReviewVersions = [] } = webhook ?? {};
  const at = `${field}.webhook.clientConfig`;
  const causes: StatusCause[] = [];
  if (clientConfig === undefined) {
    causes.push(required(at, 'required when strategy is set to Webhook'));
  } else if ((clientConfig.url === undefined) === (clientConfig.service === undefined)) {
    causes.push(required(at, 'exactly one of url or service is required'));
  } else if (clientConfig.url !== undefined) {
    causes.push(...webhookUrlCauses(clientConfig.url, `${at}.url`));
  }
  if (!conversionReviewVersions.some((version) => version === 'v1' || version === 'v1beta1')) {
    const problem = 'must include at least one of v1, v1beta1';
    const versions = `${field}.webhook.conversionReviewVersions`;
    causes.push(
      conversionReviewVersions.length === 0
        ? required(versions, '')
        : invalidAt(versions, conversionReviewVersions, problem),
    );
  }
  return causes;
}

/** k8s.io/apiserver, pkg/util/webhook/validation.go. */
function webhookUrlCauses(text: string, field: string): StatusCause[] {
  const example = '; desired format: https://host[/path]';
  if (!URL.canParse(text)) {
    return [invalidAt(field, text, `url must be a valid URL${example}`)];
  }
  const { protocol, username, password, search, hash } = new URL(text);
  const problems = [
    protocol === 'https:' ? '' : "'https' is the only allowed URL scheme",
    username === '' && password === '' ? '' : 'user information is not permitted in the URL',
    hash === '' ? '' : 'fragments are not permitted in the URL',
    search === '' ? '' : 'query parameters are not permitted in the URL',
  ].filter((problem) => problem !== '');
  return problems.map((problem) => invalidAt(field, text, `${problem}${example}`));
}

function versionsCauses(versions: readonly DefinitionVersion[]): StatusCause[] {
  const field = 'spec.versions';
  const stored = versions.filter(({ storage }) => storage === true).length;
  const names = versions.map(({ name }) => name ?? '');
  return [
    ...(stored === 1
      ? []
      : [invalidAt(field, names, 'must have exactly one version marked as storage version')]),
    ...(new Set(names).size === names.length
      ? []
      : [invalidAt(field, names, 'must contain unique version names')]),
    ...versions.flatMap((version, index) => versionCauses(version, `${field}[${index}]`)),
  ];
}

function versionCauses(version: DefinitionVersion, path: string): StatusCause[] {
  const { name = '', schema, subresources, additionalPrinterColumns, deprecated } = version;
  const causes: StatusCause[] = [];
  if (!dnsLabel.test(name)) causes.push(invalidAt(`${path}.name`, name, dnsLabelText));
  const structure = schema?.openAPIV3Schema;
  if (structure === undefined) {
    causes.push(required(`${path}.schema.openAPIV3Schema`, 'schemas are required'));
  } else {
    const at = `${path}.schema.openAPIV3Schema`;
    const problems = structuralCauses(structure, at);
    // Rules are compiled by the structure.
    causes.push(...(problems.length > 0 ? problems : ruleProblems(structure, at)));
  }
  if (version.deprecationWarning !== undefined && deprecated !== true) {
    const problem = 'can only be set for deprecated versions';
    causes.push(invalidAt(`${path}.deprecationWarning`, version.deprecationWarning, problem));
  }
  const scale = subresources?.scale;
  if (scale !== undefined) {
    const at = `${path}.subresources.scale`;
    causes.push(
      ...scalePathCauses(`${at}.specReplicasPath`, scale.specReplicasPath, '.spec.'),
      ...scalePathCauses(`${at}.statusReplicasPath`, scale.statusReplicasPath, '.status.'),
    );
  }
  additionalPrinterColumns?.forEach((column, index) => {
    causes.push(...columnCauses(column, `${path}.additionalPrinterColumns[${index}]`));
  });
  version.selectableFields?.forEach(({ jsonPath = '' }, index) => {
    if (/^(\.[A-Za-z_][\w-]*)+$/.test(jsonPath)) return;
    const field = `${path}.selectableFields[${index}].jsonPath`;
    causes.push(invalidAt(field, jsonPath, 'must be a simple JSON path of fields'));
  });
  return causes;
}

function scalePathCauses(field: string, path: string | undefined, start: string): StatusCause[] {
  if (path === undefined || path === '') return [required(field, '')];
  if (path.startsWith(start)) return [];
  return [invalidAt(field, path, `should be a json path under ${start.slice(0, -1)}`)];
}

function columnCauses(column: DefinitionColumn, path: string): StatusCause[] {
  const { name = '', type = '', jsonPath = '' } = column;
  return [
    ...(name === '' ? [required(`${path}.name`, '')] : []),
    ...(columnTypes.includes(type) ? [] : [notSupported(`${path}.type`, type, columnTypes)]),
    ...(jsonPath === '' ? [required(`${path}.JSONPath`, '')] : []),
    ...(jsonPath === '' || isJsonPath(jsonPath)
      ? []
      : [invalidAt(`${path}.jsonPath`, jsonPath, 'is not a JSON path that is understood')]),
  ];
}

/** What an update may not change. */
export function definitionUpdateCauses(
  definition: DefinitionObject,
  before: DefinitionObject,
): StatusCause[] {
  const { spec } = definition;
  const causes: StatusCause[] = [];
  const fixed = [
    ['spec.group', spec.group, before.spec.group],
    ['spec.names.plural', spec.names?.plural, before.spec.names?.plural],
    ...(hasCondition(before, 'Established')
      ? ([
          ['spec.scope', spec.scope, before.spec.scope],
          ['spec.names.kind', spec.names?.kind, before.spec.names?.kind],
        ] as const)
      : []),
  ] as const;
  for (const [field, now, then] of fixed) {
    if (!jsonEqual(now, then)) causes.push(invalidAt(field, now, 'field is immutable'));
  }
  const names = new Set(spec.versions?.map(({ name }) => name));
  (before.status?.storedVersions ?? []).forEach((version, index) => {
    if (names.has(version)) return;
    const field = `status.storedVersions[${index}]`;
    causes.push(
      invalidAt(field, version, 'missing from spec.versions; must appear in spec.versions'),
    );
  });
  return causes;
}
