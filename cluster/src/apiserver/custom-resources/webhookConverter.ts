import { randomUUID } from 'node:crypto';
import { ApiError } from '../ApiError.ts';
import { isObject } from '../json.ts';
import type { AnyObject } from '../ResourceDefinition.ts';
import type { DefinitionConversion } from './DefinitionObject.ts';
import { postJson } from './postJson.ts';

const reviewGroup = 'apiextensions.k8s.io';
const reviewVersions = ['v1', 'v1beta1'];

/**
 * What converts objects of a kind by the webhook of its definition, as k8s.io/apiextensions-apiserver does
 * (pkg/apiserver/conversion/webhook_converter.go): a ConversionReview is posted; whatever goes wrong is a 500.
 */
export function webhookConverter(
  kind: string,
  { webhook }: DefinitionConversion,
  serviceAddress: ServiceAddress,
): (objects: readonly AnyObject[], apiVersion: string) => Promise<readonly AnyObject[]> {
  const { clientConfig = {}, conversionReviewVersions = [] } = webhook ?? {};
  const version = conversionReviewVersions.find((name) => reviewVersions.includes(name)) ?? 'v1';
  const url = webhookUrl(clientConfig);
  return async (objects, apiVersion) => {
    const [{ apiVersion: from } = { apiVersion: '' }] = objects;
    const fail = (why: string) =>
      new ApiError(500, '', `conversion webhook for ${from}, Kind=${kind} failed: ${why}`);
    const uid = randomUUID();
    const review = {
      kind: 'ConversionReview',
      apiVersion: `${reviewGroup}/${version}`,
      request: { uid, desiredAPIVersion: apiVersion, objects },
    };
    let answer: unknown;
    try {
      answer = await postJson(url, review, {
        authority: clientConfig.caBundle,
        ...(clientConfig.url === undefined && { host: hostOf(clientConfig, serviceAddress) }),
      });
    } catch (error) {
      throw fail(`Post ${JSON.stringify(url)}: ${error instanceof Error ? error.message : ''}`);
    }
    const converted = convertedObjects(answer, uid, `${reviewGroup}/${version}`);
    if (typeof converted === 'string') throw fail(converted);
    if (converted.length !== objects.length) {
      throw fail(`webhook returned ${converted.length} objects, expected ${objects.length}`);
    }
    return objects.map((object, index) => {
      const restored = restoredObject(object, converted[index], apiVersion);
      if (typeof restored === 'string') {
        throw fail(`webhook returned invalid converted object at index ${index}: ${restored}`);
      }
      return restored;
    });
  };
}

/** The cluster IP of a service; throws when there is none. */
export type ServiceAddress = (namespace: string, name: string) => string;

const hostOf = ({ service = {} }: WebhookClient, serviceAddress: ServiceAddress) =>
  serviceAddress(service.namespace ?? '', service.name ?? '');

/** Where the reviews go. */
function webhookUrl({ url, service = {} }: WebhookClient): string {
  const { name = '', namespace = '', path = '', port = 443 } = service;
  return url ?? `https://${name}.${namespace}.svc:${port}${path}`;
}

type WebhookClient = NonNullable<NonNullable<DefinitionConversion['webhook']>['clientConfig']>;

/** The objects of an answer, or what is wrong with it. */
function convertedObjects(answer: unknown, uid: string, apiVersion: string): unknown[] | string {
  if (!isObject(answer) || answer['kind'] !== 'ConversionReview') {
    return 'the answer is not a ConversionReview';
  }
  if (answer['apiVersion'] !== apiVersion) {
    return `expected webhook response of ${apiVersion}, Kind=ConversionReview, got ${String(answer['apiVersion'])}`;
  }
  const { response } = answer;
  if (!isObject(response)) return 'no response provided';
  if (response['uid'] !== uid) {
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response['uid'])}`;
  }
  const { result, convertedObjects: objects } = response;
  const { status, message } = isObject(result) ? result : {};
  if (status !== 'Success') {
    return typeof message === 'string' && message !== ''
      ? message
      : 'webhook failed: no reason given';
  }
  return Array.isArray(objects) ? (objects as unknown[]) : [];
}

/** Of the metadata a webhook may change labels and annotations only. */
function restoredObject(
  original: AnyObject,
  converted: unknown,
  apiVersion: string,
): AnyObject | string {
  if (!isObject(converted)) return 'it is not an object';
  const { metadata, kind } = converted;
  if (converted['apiVersion'] !== apiVersion) {
    return `invalid apiVersion: got ${JSON.stringify(converted['apiVersion'])}, expected ${apiVersion}`;
  }
  if (kind !== original.kind)
    return `invalid kind: got ${JSON.stringify(kind)}, expected ${original.kind}`;
  if (!isObject(metadata)) return 'missing metadata';
  for (const field of ['name', 'namespace', 'uid'] as const) {
    if ((metadata[field] ?? '') !== (original.metadata[field] ?? '')) {
      return `metadata.${field} mutated: ${JSON.stringify(metadata[field])}`;
    }
  }
  const restored = { ...original.metadata };
  for (const field of ['labels', 'annotations'] as const) {
    const given = metadata[field];
    Reflect.deleteProperty(restored, field);
    if (given === undefined || given === null) continue;
    if (!isTexts(given)) return `metadata.${field} is not a map of strings`;
    restored[field] = given;
  }
  return { ...converted, apiVersion, kind: original.kind, metadata: restored };
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}
