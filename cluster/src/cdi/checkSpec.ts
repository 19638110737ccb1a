import { type ApiError, notImplemented } from '../apiserver/ApiError.ts';
import { parseQuantity } from '../quantity.ts';
import type { DataVolume } from './resources.ts';

type Spec = DataVolume['spec'];

/** Makes the error of the webhook that asks. */
export type Denied = (field: string, message: string) => ApiError;

const implemented = ['blank', 'pvc', 'snapshot', 'http', 's3', 'registry', 'upload'];

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/**
 * Refuses a DataVolume's spec as CDI's webhook does, by `denied`, and what is not implemented by 501
 * (pkg/apiserver/webhooks/datavolume-validate.go, c07cdb6).
 */
export function checkSpec(spec: Spec, denied: Denied): void {
  const { pvc, storage, source, sourceRef } = spec;
  if (!pvc && !storage) throw denied('spec.PVC', 'Missing Data volume PVC');
  if (pvc && storage) {
    throw denied(
      'spec.PVC.Storage',
      'Duplicate storage definition, both target storage and target pvc defined',
    );
  }
  refuseSize(spec, Boolean(source?.pvc ?? source?.snapshot ?? sourceRef), denied);
  refuseAccessModes(spec, denied);
  const wanted = storage ?? pvc;
  if (wanted?.dataSourceRef ?? wanted?.dataSource) {
    if (source ?? sourceRef) {
      throw denied('spec.source', 'External population is incompatible with Source and SourceRef');
    }
    return;
  }
  if (source ? sourceRef : !sourceRef) {
    const message =
      'Data volume should have either Source or SourceRef, or be externally populated';
    throw denied('spec.source', message);
  }
  if (sourceRef) refuseReference(sourceRef, denied);
  else checkSource(spec, 'Data volume', denied);
  if (spec.checkpoints?.length) throw notImplemented('spec.checkpoints');
}

/** Refuses a source that CDI refuses; 501 for those that are not implemented. `of`: whose source it is, in CDI's texts. */
export function checkSource(
  { source, contentType }: Pick<Spec, 'source' | 'contentType'>,
  of: 'Data volume' | 'VolumeImport',
  denied: Denied,
): void {
  const kinds = Object.keys(source ?? {});
  if (kinds.length === 0) throw denied('spec.source', `Missing ${of} source`);
  if (kinds.length > 1) throw denied('spec.source', `Multiple ${of} sources`);
  refuseContentType({ contentType, source }, denied);
  if (source?.http) {
    refuseUrl('HTTP', source.http.url, denied);
    const { checksum } = source.http as { checksum?: string };
    if (checksum) refuseChecksum(checksum, denied);
  }
  if (source?.s3) refuseUrl('S3', source.s3.url, denied);
  if (source?.registry) refuseRegistry(source.registry, denied);
  if (source?.pvc && !(source.pvc.namespace && source.pvc.name)) {
    throw denied('spec.source.PVC', 'spec.source.PVC source PVC is not valid');
  }
  if (source?.snapshot && !(source.snapshot.namespace && source.snapshot.name)) {
    throw denied('spec.source.Snapshot', 'spec.source.Snapshot source snapshot is not valid');
  }
  const kind = kinds[0] ?? '';
  if (!implemented.includes(kind)) throw notImplemented(`spec.source.${kind}`);
}

/** Files can come by HTTP, S3 and upload. */
export function refuseContentType(
  { contentType, source }: { contentType: string | undefined; source: Spec['source'] | undefined },
  denied: Denied,
): void {
  if (!contentType || contentType === 'kubevirt') return;
  const field = 'spec.contentType';
  if (contentType !== 'archive') {
    throw denied(field, 'ContentType not one of: kubevirt, archive');
  }
  if (source?.blank) {
    throw denied(field, 'SourceType cannot be blank and the contentType be archive');
  }
  if (source?.registry) {
    throw denied(field, 'ContentType must be kubevirt when Source is Registry');
  }
}

function refuseReference({ kind, name }: { kind: string; name: string }, denied: Denied): void {
  if (!kind) throw denied('spec.sourceRef.Kind', 'Missing sourceRef kind');
  if (kind !== 'DataSource') {
    throw denied(
      'spec.sourceRef.Kind',
      `Unsupported sourceRef kind ${kind}, currently only DataSource is supported`,
    );
  }
  if (!name) throw denied('spec.sourceRef.Name', 'Missing sourceRef name');
}

function refuseAccessModes({ pvc, storage }: Spec, denied: Denied): void {
  const field = 'spec.PVC.accessModes';
  const modes = (pvc ?? storage)?.accessModes ?? [];
  if (pvc && modes.length === 0) {
    throw denied(field, 'Required value: at least 1 access mode is required');
  }
  if (pvc && modes.length > 1) throw denied(field, 'PVC multiple accessModes');
  if (modes.every((mode) => accessModes.includes(mode))) return;
  const supported = accessModes.map((mode) => `"${mode}"`).join(', ');
  throw denied(field, `Unsupported value: "${modes[0] ?? ''}": supported values: ${supported}`);
}

function refuseRegistry(
  { url, imageStream, pullMethod }: { url?: string; imageStream?: string; pullMethod?: string },
  denied: Denied,
): void {
  const field = 'spec.source.Registry';
  if (!url === !imageStream) {
    throw denied(field, 'Source registry should have either URL or ImageStream');
  }
  if (url && !/^(docker|oci-archive):/.test(url)) {
    throw denied(`${field}.URL`, `Illegal registry source URL scheme ${url}`);
  }
  if (pullMethod && !['pod', 'node'].includes(pullMethod)) {
    const message = `ImportMethod ${pullMethod} is neither pod, node or ""`;
    throw denied(`${field}.importMethod`, message);
  }
  if (imageStream) throw notImplemented('spec.source.registry.imageStream');
}

function refuseUrl(kind: string, text: string, denied: Denied): void {
  const field = `spec.source.${kind}.url`;
  if (!text) throw denied(field, 'spec.source source URL is empty');
  if (!URL.canParse(text)) throw denied(field, `spec.source Invalid source URL: ${text}`);
  if (!['http:', 'https:'].includes(new URL(text).protocol)) {
    throw denied(field, `spec.source Invalid source URL scheme: ${text}`);
  }
}

/** Hexadecimal digits, by the algorithm. */
const hashLengths: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha512: 128,
};

/** pkg/util/checksum/checksum.go, c07cdb6. */
function refuseChecksum(text: string, denied: Denied): void {
  const refused = (why: string) =>
    denied('spec.source.HTTP.checksum', `Invalid checksum format: ${why}`);
  const [, algorithm = '', hash = ''] = /^\s*([^:]*?)\s*:\s*(.*?)\s*$/.exec(text) ?? [];
  if (!text.includes(':')) {
    throw refused(`invalid checksum format: expected 'algorithm:hash', got '${text}'`);
  }
  if (!hash) throw refused('checksum hash value cannot be empty');
  const length = hashLengths[algorithm.toLowerCase()];
  if (length === undefined) {
    const supported = Object.keys(hashLengths).join(', ');
    throw refused(
      `unsupported hash algorithm '${algorithm}': supported algorithms are: ${supported}`,
    );
  }
  if (hash.length !== length) {
    const counts = `expected ${length} hex characters, got ${hash.length}`;
    throw refused(`invalid ${algorithm.toLowerCase()} hash length: ${counts}`);
  }
  if (!/^[0-9a-f]*$/i.test(hash)) throw refused('checksum hash is not valid hexadecimal');
}

function refuseSize({ pvc, storage }: Spec, copies: boolean, denied: Denied): void {
  const kind = pvc ? 'PVC' : 'Storage';
  const requests: object | undefined = (pvc ?? storage)?.resources?.requests;
  const size: unknown =
    requests && Object.entries(requests).find(([key]) => key === 'storage')?.[1];
  const field = `spec.${kind}.resources.requests.size`;
  if (size === undefined) {
    if (!copies || pvc) throw denied(field, `${kind} size is missing`);
    return;
  }
  const bytes = parseQuantity(typeof size === 'number' || typeof size === 'string' ? size : '');
  if (bytes === undefined || bytes <= 0) {
    throw denied(field, `${kind} size can't be equal or less than zero`);
  }
  if (bytes < 2 ** 20) throw denied(field, `${kind} size should be at least 1MiB`);
}
