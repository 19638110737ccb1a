import { deniedByWebhook, notImplemented, type StatusCause } from '../apiserver/ApiError.ts';
import type { Admission } from '../apiserver/ResourceDefinition.ts';
import { parseQuantity } from '../quantity.ts';
import type { ImageServer } from './ImageServer.ts';
import type { DataVolume } from './resources.ts';

const webhook = 'datavolume-validate.cdi.kubevirt.io';
const implemented = ['blank', 'pvc', 'http'];

/** CDI's webhook for DataVolumes (pkg/apiserver/webhooks/datavolume-validate.go, c07cdb6). */
export function dataVolumeAdmission(server: ImageServer): Admission<DataVolume> {
  return {
    validate(context) {
      if (context.operation === 'DELETE' || context.subresource !== '') return;
      const { spec } = context.object;
      if (context.operation === 'UPDATE') {
        if (JSON.stringify(spec) !== JSON.stringify(context.oldObject.spec)) {
          throw denied('DataVolume.Spec', 'Cannot update DataVolume Spec');
        }
        return;
      }
      refuse(spec);
      const source = Object.keys(spec.source ?? {})[0];
      if (source && !implemented.includes(source)) throw notImplemented(`spec.source.${source}`);
      const url = spec.source?.http?.url;
      if (url !== undefined && !server.serves(url)) {
        throw notImplemented(`spec.source.http for ${url}`);
      }
    },
  };
}

function denied(field: string, message: string) {
  const cause: StatusCause = { reason: 'FieldValueInvalid', field, message };
  return deniedByWebhook(webhook, [cause]);
}

function refuse(spec: DataVolume['spec']): void {
  const { pvc, storage, source, sourceRef } = spec;
  if (!pvc && !storage) throw denied('spec', 'Missing Data volume PVC');
  if (pvc && storage) {
    throw denied(
      'spec',
      'Duplicate storage definition, both target storage and target pvc defined',
    );
  }
  if (source && Object.keys(source).length > 1) {
    throw denied('spec.source', 'Multiple dataVolume sources');
  }
  if (source ? Object.keys(source).length === 0 : !sourceRef) {
    throw denied('spec.source', 'Missing dataVolume valid source');
  }
  if (sourceRef && !sourceRef.name) throw denied('spec.sourceRef.Name', 'Missing sourceRef name');
  const kind = pvc ? 'PVC' : 'Storage';
  const requests: object | undefined = (pvc ?? storage)?.resources?.requests;
  const size: unknown =
    requests && Object.entries(requests).find(([key]) => key === 'storage')?.[1];
  const field = `spec.${kind}.resources.requests.size`;
  if (size === undefined) {
    const copies = Boolean(source?.pvc ?? sourceRef);
    if (!copies || pvc) throw denied(field, `${kind} size is missing`);
    return;
  }
  const bytes = parseQuantity(typeof size === 'number' || typeof size === 'string' ? size : '');
  if (bytes === undefined || bytes <= 0) {
    throw denied(field, `${kind} size can't be equal or less than zero`);
  }
  if (bytes < 2 ** 20) throw denied(field, `${kind} size should be at least 1MiB`);
}
