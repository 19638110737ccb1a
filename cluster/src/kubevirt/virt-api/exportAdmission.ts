import { deniedByWebhook } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import { parseDurationSeconds } from '../../duration.ts';
import type { VirtualMachineExport } from '../virt-controller/export/resources.ts';
import { invalid } from './validation/Cause.ts';

const webhook = 'virtualmachineexport-validator.export.kubevirt.io';

const kinds: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: '',
  VirtualMachine: 'kubevirt.io',
  VirtualMachineSnapshot: 'snapshot.kubevirt.io',
};

/** KubeVirt's webhook for VirtualMachineExports (SADM/vmexport.go, d923fdb). */
export const exportAdmission: Admission<VirtualMachineExport> = {
  validate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const { source, ttlDuration } = context.object.spec;
    const deny = (field: string, message: string) =>
      deniedByWebhook(webhook, [invalid(field, message)]);
    if (context.operation === 'UPDATE') {
      const isSame = JSON.stringify(context.object.spec) === JSON.stringify(context.oldObject.spec);
      if (!isSame) throw deny('spec', 'spec in immutable after creation');
      return;
    }
    if (!(source.kind in kinds)) throw deny('spec.source.kind', 'invalid kind');
    if ((source.apiGroup ?? '') !== kinds[source.kind]) {
      throw deny('spec.source.apiGroup', 'invalid apiGroup');
    }
    if (!source.name) throw deny('spec.source.name', `${source.kind} name must not be empty`);
    const seconds = ttlDuration === undefined ? undefined : parseDurationSeconds(ttlDuration);
    if (ttlDuration !== undefined && !(seconds && seconds > 0)) {
      throw deny('spec.ttlDuration', `"${ttlDuration}" is no duration`);
    }
  },
};
