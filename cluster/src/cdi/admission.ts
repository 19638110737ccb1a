import { deniedByWebhook, type StatusCause } from '../apiserver/ApiError.ts';
import type { Admission } from '../apiserver/ResourceDefinition.ts';
import { findNewest } from '../client/findNewest.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { persistentVolumeClaims } from '../client/resources.ts';
import { annotations } from './claims.ts';
import { checkSpec } from './checkSpec.ts';
import { cloneRefusal } from './cloneAccess.ts';
import type { DataVolume } from './resources.ts';

const webhook = 'datavolume-validate.cdi.kubevirt.io';

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
    checkSpec(spec, denied);
    const refusal = await cloneRefusal(context.client, spec, context.namespace ?? '', context.user);
    const prepared = metadata.annotations?.[annotations.prePopulated];
    if (prepared === metadata.name) return;
    if (refusal !== undefined) throw denied('spec.source.PVC.namespace', refusal);
    await refuseForeignClaim(context.client, { namespace: context.namespace, name: metadata.name });
  },
};

/** A claim of the name that no DataVolume manages would be written over. */
async function refuseForeignClaim(client: KubeClient, key: ObjectKey): Promise<void> {
  const claim = await findNewest(client, persistentVolumeClaims, key);
  if (!claim) return;
  const owner = claim.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner?.kind === 'DataVolume') return;
  throw denied('', `Destination PVC ${key.namespace ?? ''}/${key.name} already exists`);
}

function denied(field: string, message: string) {
  const cause: StatusCause = { reason: 'FieldValueInvalid', field, message };
  return deniedByWebhook(webhook, [cause]);
}
