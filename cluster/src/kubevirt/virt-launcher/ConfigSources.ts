import { hasReason } from '../../apiserver/ApiError.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { configMaps, secrets } from '../../client/resources.ts';

type Files = Record<string, Buffer>;

/** The Secrets and ConfigMaps that guests get as files; each rejects with the server's own words. */
export interface ConfigSources {
  secret(namespace: string | undefined, name: string): Promise<Files>;
  configMap(namespace: string | undefined, name: string): Promise<Files>;
}

export function configSources(client: KubeClient): ConfigSources {
  return {
    async secret(namespace, name) {
      const { data = {} } = await client.get(secrets, { namespace, name });
      return toFiles(data, 'base64');
    },
    async configMap(namespace, name) {
      const { data = {}, binaryData = {} } = await client.get(configMaps, { namespace, name });
      return { ...toFiles(data, 'utf8'), ...toFiles(binaryData, 'base64') };
    },
  };
}

const toFiles = (data: Record<string, string>, encoding: BufferEncoding): Files =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)]),
  );

/** What `read` gives, or nothing when the source is not there and may be missing. */
export async function unlessMissing(
  optional: boolean | undefined,
  read: Promise<Files>,
): Promise<Files> {
  try {
    return await read;
  } catch (error) {
    if (optional === true && hasReason(error, 'NotFound')) return {};
    throw error;
  }
}
