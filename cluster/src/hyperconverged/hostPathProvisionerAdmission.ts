import { isDeepStrictEqual } from 'node:util';

import { notImplemented } from '../apiserver/ApiError.ts';
import type { Admission } from '../apiserver/ResourceDefinition.ts';
import type { HostPathProvisioner } from './resources.ts';

/** Tells that settings of the provisioner have no effect, and keeps it from being uninstalled. */
export const hostPathProvisionerAdmission: Admission<HostPathProvisioner> = {
  validate(context) {
    if (context.operation === 'DELETE') {
      throw notImplemented('delete of the HostPathProvisioner object; it is part of this cluster');
    }
    if (context.operation === 'CREATE') return;
    if (!isDeepStrictEqual(context.object.spec, context.oldObject.spec)) {
      context.warn(
        'spec is kept but has no effect in this cluster: its volumes stay where they are',
      );
    }
  },
};
