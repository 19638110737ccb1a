import { readFile } from 'node:fs/promises';

import { badRequest, hasReason, notFound, notImplemented } from '../apiserver/ApiError.ts';
import type {
  ApiHandler,
  ApiRequest,
  ConnectSubresource,
} from '../apiserver/ResourceDefinition.ts';
import { type Pod, pods } from '../client/resources.ts';
import { followFile } from './followFile.ts';

/** The log file of a pod's container on its node; undefined when the node does not run the pod. */
export type LogFileOf = (pod: Pod, container: string) => string | undefined;

/** The subresource `log` of pods, as kubelets serve it. */
export function podLogs(logFileOf: LogFileOf): ConnectSubresource {
  return { verbs: ['get'], handler: logHandler(logFileOf) };
}

const unknownOptions = ['timestamps', 'sinceSeconds', 'sinceTime'];

function logHandler(logFileOf: LogFileOf): ApiHandler {
  return async (request) => {
    const { query, signal } = request;
    const pod = await podOf(request);
    const container = containerOf(pod, query.get('container') ?? '');
    const unknown = unknownOptions.find((name) => !['', 'false', null].includes(query.get(name)));
    if (unknown !== undefined) throw notImplemented(`pods/log with ${unknown}`);
    if (query.get('previous') === 'true') {
      throw badRequest(
        `previous terminated container "${container}" in pod "${pod.metadata.name}" not found`,
      );
    }
    const file = logFileOf(pod, container);
    if (file === undefined) {
      throw badRequest(
        `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ContainerCreating`,
      );
    }
    const lines = numberOf(query, 'tailLines');
    const bytes = numberOf(query, 'limitBytes');
    const written = await readFile(file).catch(absent);
    const text = lastLines(written, lines).subarray(0, bytes);
    if (query.get('follow') !== 'true')
      return { code: 200, bytes: text, contentType: 'text/plain' };
    const stream = followFile(file, { first: text, from: written.length, signal });
    return { code: 200, stream, contentType: 'text/plain' };
  };
}

async function podOf({ client, params }: ApiRequest): Promise<Pod> {
  const { namespace = '', name = '' } = params;
  try {
    return await client.get(pods, { namespace, name });
  } catch (error) {
    throw hasReason(error, 'NotFound') ? notFound(pods, name) : error;
  }
}

/** The container that is asked for; the only one when none is named. */
function containerOf({ metadata, spec }: Pod, wanted: string): string {
  const names = spec.containers.map(({ name }) => name);
  const found = wanted === '' && names.length === 1 ? names[0] : wanted;
  if (found === undefined || found === '') {
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  if (names.includes(found)) return found;
  throw badRequest(`container ${found} is not valid for pod ${metadata.name}`);
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw badRequest(`${name} must be a whole number, not below 0`);
}

const lineFeed = 0x0a;

/** The last `count` lines, all of them when absent; what follows the last line feed is a line too. */
function lastLines(text: Buffer, count: number | undefined): Buffer {
  if (count === undefined) return text;
  if (count === 0) return text.subarray(text.length);
  let left = count;
  for (let index = text.length - 2; index >= 0; index--) {
    if (text[index] === lineFeed && --left === 0) return text.subarray(index + 1);
  }
  return text;
}

/** A guest that has written nothing yet has no file. */
function absent(error: unknown): Buffer {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
  throw error;
}
