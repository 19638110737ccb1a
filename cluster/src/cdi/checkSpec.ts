import { type ApiError, notImplemented } from '../apiserver/ApiError.ts';
import { parseQuantity } from '../quantity.ts';
import type { DataVolume } from './resources.ts';

type Spec = DataVolume['spec'];

/** Makes the error of the webhook that asks. */
export type Denied = (field: string, message: string) => ApiError;

const implemented = ['blank', 'pvc', 'snapshot', 'http', 's3', 'registry', 'upload'];

/**
 * Refuses a DataVolume's spec as CDI's webhook does, by `denied`, and what is not implemented by 501
 * (pkg/apiserver/webhooks/datavolume-validate.go, c07cdb6).
 */
export function checkSpec(spec: Spec, denied: Denied): void {
  const { pvc, storage, source, sourceRef } = spec;
  if (!pvc && !storage) throw denied('spec', 'Missing Data volume PVC');
  if (pvc && storage) {
    throw denied(
      'spec',
      'Duplicate storage definition, both target storage and target pvc defined',
    );
  }
  const wanted = storage ?? pvc;
  const isPopulated = Boolean(wanted?.dataSourceRef ?? wanted?.dataSource);
  if (!isPopulated) checkSource(spec, denied);
  else if (source ?? sourceRef) {
    throw denied('spec.source', 'External population is incompatible with Source and SourceRef');
  }
  if (pvc) {
    if (!pvc.accessModes?.length) {
      throw denied('spec.PVC.accessModes', 'Required value: at least 1 access mode is required');
    }
    if (pvc.accessModes.length > 1) {
      throw denied('spec.PVC.accessModes', 'PVC multiple accessModes');
    }
  }
  refuseSize(spec, Boolean(source?.pvc ?? source?.snapshot ?? sourceRef), denied);
  refuseContentType({ contentType: spec.contentType, source }, denied);
  if (spec.checkpoints?.length) throw notImplemented('spec.checkpoints');
}

/** Refuses a source, or a reference to one, that CDI refuses; 501 for those that are not implemented. */
export function checkSource(
  { source, sourceRef }: Pick<Spec, 'source' | 'sourceRef'>,
  denied: Denied,
): void {
  if (source && sourceRef) throw denied('spec', 'Multiple dataVolume sources');
  if (source && Object.keys(source).length > 1) {
    throw denied('spec.source', 'Multiple dataVolume sources');
  }
  if (source ? Object.keys(source).length === 0 : !sourceRef) {
    throw denied('spec.source', 'Missing dataVolume valid source');
  }
  if (sourceRef && sourceRef.kind !== 'DataSource') {
    throw denied(
      'spec.sourceRef.Kind',
      `Unsupported sourceRef kind ${sourceRef.kind}, currently only DataSource is supported`,
    );
  }
  if (sourceRef && !sourceRef.name) throw denied('spec.sourceRef.Name', 'Missing sourceRef name');
  if (source?.http) refuseUrl('http', source.http.url, ['http:', 'https:'], denied);
  if (source?.s3) refuseUrl('s3', source.s3.url, ['http:', 'https:', 's3:'], denied);
  if (source?.registry) refuseRegistry(source.registry, denied);
  if (source?.pvc && !source.pvc.name) {
    throw denied('spec.source.PVC', 'spec.source.PVC in DataVolume spec is not valid');
  }
  const kind = Object.keys(source ?? {})[0];
  if (kind && !implemented.includes(kind)) throw notImplemented(`spec.source.${kind}`);
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

function refuseRegistry(
  { url, imageStream }: { url?: string; imageStream?: string },
  denied: Denied,
): void {
  const field = 'spec.source.registry';
  if (imageStream) throw notImplemented('spec.source.registry.imageStream');
  if (!url) throw denied(field, 'Source registry should have either URL or ImageStream');
  if (url.startsWith('oci-archive:')) throw notImplemented('spec.source.registry.url oci-archive');
  if (!url.startsWith('docker://')) {
    throw denied(
      `${field}.URL`,
      `Illegal registry source URL scheme ${url}. Should be docker or oci-archive`,
    );
  }
}

function refuseUrl(kind: string, text: string, schemes: readonly string[], denied: Denied): void {
  const field = `spec.source.${kind}.url`;
  if (!text) throw denied(field, 'source URL is empty');
  if (!URL.canParse(text)) throw denied(field, `Invalid source URL: ${text}`);
  if (!schemes.includes(new URL(text).protocol)) {
    throw denied(field, `Invalid source URL scheme: ${text}`);
  }
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
