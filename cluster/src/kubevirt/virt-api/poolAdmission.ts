import { deniedByWebhook, notImplemented } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import { matchesSelector } from '../../client/labelSelector.ts';
import type { VirtualMachine, VirtualMachinePool } from '../resources.ts';
import { readConfiguration } from '../clusterConfiguration.ts';
import { defaultInstanceSpec } from './defaultInstanceSpec.ts';
import { refuseNotImplemented } from './notImplemented.ts';
import { invalid, required } from './validation/Cause.ts';
import { validateVirtualMachine } from './validation/validateVirtualMachine.ts';

const validator = 'virtualmachinepool-validator.kubevirt.io';

/** virt-api's webhook for pools (ADM/vmpool-admitter.go, d923fdb). */
export const poolAdmission: Admission<VirtualMachinePool> = {
  mutate({ operation, object }) {
    if (operation !== 'DELETE') object.spec.replicas ??= 1;
  },
  async validate({ operation, object, subresource, client }) {
    if (operation === 'DELETE' || subresource !== '') return;
    const { virtualMachineTemplate: template, selector } = object.spec;
    const path = 'spec.virtualMachineTemplate';
    if (!template.spec) {
      throw deniedByWebhook(validator, [
        required(`${path}.spec`, 'missing virtual machine template.'),
      ]);
    }
    const vm: VirtualMachine = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: object.metadata,
      spec: structuredClone(template.spec),
    };
    const { spec } = vm.spec.template;
    if (spec) defaultInstanceSpec(spec);
    const causes = validateVirtualMachine(vm, await readConfiguration(client)).map((cause) => ({
      ...cause,
      field: `${path}.${cause.field}`,
    }));
    if (!matchesSelector(selector, template.metadata?.labels)) {
      causes.push(invalid('spec.selector', 'selector does not match labels.'));
    }
    if (causes.length > 0) throw deniedByWebhook(validator, causes);
    if (spec) refuseNotImplemented(`${path}.spec.template.spec`, spec);
    refuseUnbuilt(object);
  },
};

function refuseUnbuilt({ spec }: VirtualMachinePool): void {
  const refuse = (field: string) => notImplemented(`VirtualMachinePool with spec.${field}`);
  const { autohealing, scaleInStrategy, updateStrategy } = spec;
  if (autohealing) throw refuse('autohealing');
  const { proactive, opportunistic } = scaleInStrategy ?? {};
  const preserved = proactive?.statePreservation ?? opportunistic?.statePreservation ?? 'Disabled';
  if (preserved !== 'Disabled') throw refuse(`scaleInStrategy with statePreservation ${preserved}`);
  for (const [path, strategy] of [
    ['scaleInStrategy', proactive],
    ['updateStrategy', updateStrategy?.proactive],
  ] as const) {
    const field = `${path}.proactive.selectionPolicy.selectors`;
    if (strategy?.selectionPolicy?.selectors) throw refuse(field);
  }
}
