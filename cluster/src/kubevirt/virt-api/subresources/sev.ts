import { badRequest } from '../../../apiserver/ApiError.ts';
import type { ApiHandler } from '../../../apiserver/ResourceDefinition.ts';
import { isGateOn } from '../../featureGates.ts';
import { bodyField, getVmi, vmiConflict } from './lookup.ts';

/** The subresources of AMD SEV. */
export const sevActions = [
  { method: 'GET', action: 'fetchcertchain' },
  { method: 'GET', action: 'querylaunchmeasurement' },
  { method: 'PUT', action: 'setupsession' },
  { method: 'PUT', action: 'injectlaunchsecret' },
] as const;

type SevAction = (typeof sevActions)[number]['action'];

/**
 * No guest here has launch security, so all that virt-api says of SEV is why not. In the order of KubeVirt's
 * pkg/virt-api/rest/sev.go (d923fdb).
 */
export function refuseSev(action: SevAction): ApiHandler {
  return async (request) => {
    if (!(await isGateOn(request.client, 'WorkloadEncryptionSEV'))) {
      throw badRequest('WorkloadEncryptionSEV feature gate is not enabled in kubevirt-config');
    }
    if (request.body === undefined && action === 'setupsession') {
      throw badRequest('Request with no body: SEV session parameters are required');
    }
    if (request.body === undefined && action === 'injectlaunchsecret') {
      throw badRequest('Request with no body: SEV secret parameters are required');
    }
    if (action === 'setupsession') {
      if (!bodyField(request, 'session')) throw badRequest('Session blob is required');
      if (!bodyField(request, 'dhCert')) throw badRequest('DH cert is required');
    }
    const vmi = await getVmi(request);
    const { name } = vmi.metadata;
    const phase = vmi.status?.phase;
    if (action === 'fetchcertchain' && phase !== 'Scheduled' && phase !== 'Running') {
      throw vmiConflict(name, 'VMI is not assigned to a node yet');
    }
    if (action === 'setupsession' && phase !== 'Scheduled') {
      throw vmiConflict(name, 'VMI is not in Scheduled phase');
    }
    if (['querylaunchmeasurement', 'injectlaunchsecret'].includes(action) && phase !== 'Running') {
      throw vmiConflict(name, 'VMI is not running');
    }
    throw vmiConflict(name, 'Attestation not requested for VMI');
  };
}
