import type { AggregatedGroup } from '../../apiserver/AggregatedGroup.ts';
import { badRequest } from '../../apiserver/ApiError.ts';
import { findNewest } from '../../client/findNewest.ts';
import { persistentVolumeClaims } from '../../client/resources.ts';
import { annotations } from '../claims.ts';
import { populatorOf } from '../populators/resources.ts';
import type { UploadTokens } from './UploadTokens.ts';

interface TokenRequest {
  metadata?: { name?: string };
  spec?: { pvcName?: string };
}

/** The group upload.cdi.kubevirt.io: a token for each claim that waits for an upload. */
export function uploadGroup(tokens: UploadTokens): AggregatedGroup {
  return {
    group: 'upload.cdi.kubevirt.io',
    version: 'v1beta1',
    resources: [
      {
        name: 'uploadtokenrequests',
        singularName: 'uploadtokenrequest',
        namespaced: true,
        kind: 'UploadTokenRequest',
        verbs: ['create'],
      },
    ],
    routes: [
      {
        method: 'POST',
        path: '/namespaces/:namespace/uploadtokenrequests',
        async handler({ body, params, client }) {
          const namespace = params['namespace'] ?? '';
          const request = (body ?? {}) as TokenRequest;
          const name = request.spec?.pvcName;
          if (!name) throw badRequest('spec.pvcName is required');
          const claim = await findNewest(client, persistentVolumeClaims, { namespace, name });
          if (!claim) throw badRequest(`PVC ${namespace}/${name} not found`);
          const isTarget =
            claim.metadata.annotations?.[annotations.uploadTarget] !== undefined ||
            populatorOf(claim)?.kind === 'VolumeUploadSource';
          if (!isTarget) {
            throw badRequest(`PVC ${name} is not an upload target`);
          }
          const status = { token: tokens.issue({ namespace, name }) };
          const metadata = { ...request.metadata, namespace };
          const kind = 'UploadTokenRequest';
          const apiVersion = 'upload.cdi.kubevirt.io/v1beta1';
          const spec = { pvcName: name };
          return { code: 200, json: { apiVersion, kind, metadata, spec, status } };
        },
      },
    ],
  };
}
