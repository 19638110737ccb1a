import { deniedByWebhook } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import { matchesSelector } from '../../client/labelSelector.ts';
import type { VirtualMachineInstanceReplicaSet } from '../resources.ts';
import { readConfiguration } from '../clusterConfiguration.ts';
import { defaultInstanceSpec } from './defaultInstanceSpec.ts';
import { refuseNotImplemented } from './notImplemented.ts';
import { invalid, required } from './validation/Cause.ts';
import { validateInstanceSpec } from './validation/validateInstanceSpec.ts';

const validator = 'virtualmachinereplicaset-validator.kubevirt.io';

/** virt-api's webhook for replica sets (ADM/vmirs-admitter.go, d923fdb). */
export const replicaSetAdmission: Admission<VirtualMachineInstanceReplicaSet> = {
  mutate({ operation, object }) {
    if (operation !== 'DELETE') object.spec.replicas ??= 1;
  },
  async validate({ operation, object, subresource, client }) {
    if (operation === 'DELETE' || subresource !== '') return;
    const { template, selector } = object.spec;
    if (!template.spec) {
      throw deniedByWebhook(validator, [
        required('spec.template.spec', 'missing virtual machine template.'),
      ]);
    }
    const spec = structuredClone(template.spec);
    defaultInstanceSpec(spec);
    const causes = validateInstanceSpec(
      'spec.template.spec',
      spec,
      await readConfiguration(client),
    );
    if (!matchesSelector(selector, template.metadata?.labels)) {
      causes.push(invalid('spec.selector', 'selector does not match labels.'));
    }
    if (causes.length > 0) throw deniedByWebhook(validator, causes);
    refuseNotImplemented('spec.template.spec', spec);
  },
};
