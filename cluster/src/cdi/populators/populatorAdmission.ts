import { deniedByWebhook, notImplemented, type StatusCause } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import type { KubeObject } from '../../client/KubeClient.ts';
import { checkSource, refuseContentType } from '../checkSpec.ts';
import type { VolumeCloneSource, VolumeImportSource } from './resources.ts';

/** CDI's webhook for what claims are filled from (pkg/apiserver/webhooks/populators-validate.go, c07cdb6). */
export const importSourceAdmission = admission<VolumeImportSource>(
  ({ source, contentType, checkpoints }) => {
    // Its type has no other fields, so that CDI does not see them.
    if (source?.pvc ?? source?.snapshot ?? source?.upload) {
      throw denied('spec.source', 'Missing VolumeImport source');
    }
    const typed = contentType === undefined ? {} : { contentType: contentType as 'kubevirt' };
    checkSource({ ...(source && { source }), ...typed }, 'VolumeImport', denied);
    if (checkpoints?.length) throw notImplemented('spec.checkpoints');
  },
);

export const uploadSourceAdmission = admission<KubeObject & { spec: { contentType?: string } }>(
  ({ contentType }) => refuseContentType({ contentType, source: undefined }, denied),
);

export const cloneSourceAdmission = admission<VolumeCloneSource>((spec) => {
  const source = spec.source as VolumeCloneSource['spec']['source'] | undefined;
  if (!source?.name) throw denied('spec.source', 'Missing VolumeClone valid source');
  if (!['PersistentVolumeClaim', 'VolumeSnapshot'].includes(source.kind)) {
    throw denied('spec.source.kind', `Unsupported source kind ${source.kind}`);
  }
});

function admission<T extends KubeObject & { spec: unknown }>(
  check: (spec: T['spec']) => void,
): Admission<T> {
  return {
    validate(context) {
      if (context.operation === 'DELETE') return;
      const { kind, spec } = context.object;
      if (context.operation === 'CREATE') check(spec ?? {});
      else if (JSON.stringify(spec) !== JSON.stringify(context.oldObject.spec)) {
        throw denied(`${kind}.Spec`, `Cannot update ${kind} Spec`);
      }
    },
  };
}

function denied(field: string, message: string) {
  const cause: StatusCause = { reason: 'FieldValueInvalid', field, message };
  return deniedByWebhook('populator-validate.cdi.kubevirt.io', [cause]);
}
