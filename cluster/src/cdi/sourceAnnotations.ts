import type {
  V1beta1DataVolumeSourceHTTP,
  V1beta1DataVolumeSourceRegistry,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import type { DataVolume } from './resources.ts';

const prefix = 'cdi.kubevirt.io/storage.';

/**
 * How a claim tells what it is filled from, by which CDI's controllers know it (pkg/controller/common/util.go:
 * UpdateHTTPAnnotations and its like, c07cdb6).
 */
export function sourceAnnotations(source: DataVolume['spec']['source']): Record<string, string> {
  if (!source) return {};
  const { http, s3, registry, upload, blank } = source;
  if (upload) return { [`${prefix}upload.target`]: '' };
  if (blank) return imported('none', {});
  if (http) return ofHttp(http);
  if (s3) {
    const { url, secretRef, certConfigMap } = s3;
    return imported('s3', { endpoint: url, secretName: secretRef, certConfigMap });
  }
  return registry ? ofRegistry(registry) : {};
}

function ofHttp(http: V1beta1DataVolumeSourceHTTP): Record<string, string> {
  const { url, secretRef, certConfigMap, extraHeaders = [], secretExtraHeaders = [] } = http;
  const { checksum, insecureSkipVerify } = http as {
    checksum?: string;
    insecureSkipVerify?: boolean;
  };
  return imported('http', {
    endpoint: url,
    secretName: secretRef,
    certConfigMap,
    checksum,
    insecureSkipVerify: insecureSkipVerify ? 'true' : undefined,
    ...numbered('extraHeaders', extraHeaders),
    ...numbered('secretExtraHeaders', secretExtraHeaders),
  });
}

function ofRegistry(registry: V1beta1DataVolumeSourceRegistry): Record<string, string> {
  const { url, pullMethod, secretRef, certConfigMap, platform } = registry;
  return imported('registry', {
    endpoint: url,
    registryImportMethod: pullMethod,
    secretName: secretRef,
    certConfigMap,
    registryImageArchitecture: platform?.architecture,
  });
}

const numbered = (name: string, list: readonly string[]) =>
  Object.fromEntries(list.map((value, index) => [`${name}.${index}`, value]));

function imported(
  source: string,
  more: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries({ source, ...more }).flatMap(([name, value]) =>
    value ? [[`${prefix}import.${name}`, value]] : [],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
