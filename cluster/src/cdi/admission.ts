import {
  deniedByWebhook,
  hasReason,
  notImplemented,
  type StatusCause,
} from '../apiserver/ApiError.ts';
import type { Admission } from '../apiserver/ResourceDefinition.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { persistentVolumeClaims } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { annotations } from './claims.ts';
import type { DataVolume } from './resources.ts';

const webhook = 'datavolume-validate.cdi.kubevirt.io';
const implemented = ['blank', 'pvc', 'snapshot', 'http', 's3', 'registry', 'upload'];

type Spec = DataVolume['spec'];

/** CDI's webhook for DataVolumes (pkg/apiserver/webhooks/datavolume-validate.go, c07cdb6). */
export const dataVolumeAdmission: Admission<DataVolume> = {
  async validate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const { spec, metadata } = context.object;
    if (context.operation === 'UPDATE') {
      if (JSON.stringify(spec) !== JSON.stringify(context.oldObject.spec)) {
        throw denied('DataVolume.Spec', 'Cannot update DataVolume Spec');
      }
      return;
    }
    refuse(spec);
    const source = Object.keys(spec.source ?? {})[0];
    if (source && !implemented.includes(source)) throw notImplemented(`spec.source.${source}`);
    if (spec.contentType === 'archive') throw notImplemented('spec.contentType archive');
    if (spec.checkpoints?.length) throw notImplemented('spec.checkpoints');
    const populator =
      (spec.storage ?? spec.pvc)?.dataSourceRef ?? (spec.storage ?? spec.pvc)?.dataSource;
    if (populator) throw notImplemented('spec.storage.dataSourceRef');
    const prepared = metadata.annotations?.[annotations.prePopulated];
    if (prepared === metadata.name) return;
    await refuseForeignClaim(context.client, { namespace: context.namespace, name: metadata.name });
  },
};

/** A claim of the name that no DataVolume manages would be written over. */
async function refuseForeignClaim(client: KubeClient, key: ObjectKey): Promise<void> {
  try {
    const claim = await client.get(persistentVolumeClaims, key);
    const owner = claim.metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner?.kind === 'DataVolume') return;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return;
    throw error;
  }
  throw denied('', `Destination PVC ${key.namespace ?? ''}/${key.name} already exists`);
}

function denied(field: string, message: string) {
  const cause: StatusCause = { reason: 'FieldValueInvalid', field, message };
  return deniedByWebhook(webhook, [cause]);
}

function refuse(spec: Spec): void {
  const { pvc, storage, source, sourceRef } = spec;
  if (!pvc && !storage) throw denied('spec', 'Missing Data volume PVC');
  if (pvc && storage) {
    throw denied(
      'spec',
      'Duplicate storage definition, both target storage and target pvc defined',
    );
  }
  refuseSource(spec);
  if (pvc) {
    if (!pvc.accessModes?.length) {
      throw denied('spec.PVC.accessModes', 'Required value: at least 1 access mode is required');
    }
    if (pvc.accessModes.length > 1) {
      throw denied('spec.PVC.accessModes', 'PVC multiple accessModes');
    }
  }
  refuseSize(spec, Boolean(source?.pvc ?? source?.snapshot ?? sourceRef));
}

function refuseSource({ source, sourceRef }: Spec): void {
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
  if (source?.http) refuseUrl('http', source.http.url, ['http:', 'https:']);
  if (source?.s3) refuseUrl('s3', source.s3.url, ['http:', 'https:', 's3:']);
  if (source?.registry) refuseRegistry(source.registry);
  if (source?.pvc && !source.pvc.name) {
    throw denied('spec.source.PVC', 'spec.source.PVC in DataVolume spec is not valid');
  }
}

function refuseRegistry({ url, imageStream }: { url?: string; imageStream?: string }): void {
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

function refuseUrl(kind: string, text: string, schemes: readonly string[]): void {
  const field = `spec.source.${kind}.url`;
  if (!text) throw denied(field, 'source URL is empty');
  if (!URL.canParse(text)) throw denied(field, `Invalid source URL: ${text}`);
  if (!schemes.includes(new URL(text).protocol)) {
    throw denied(field, `Invalid source URL scheme: ${text}`);
  }
}

function refuseSize({ pvc, storage }: Spec, copies: boolean): void {
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
