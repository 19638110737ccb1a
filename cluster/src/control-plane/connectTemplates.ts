import { keyText } from '../client/Informer.ts';
import { TemplateController } from '../kubevirt/virt-template/TemplateController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the controller of templates. */
export function connectTemplates({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.virtTemplate);
  const { vmTemplates } = sets.pick(client, ['vmTemplates']);
  const controller = new TemplateController({ ...options, vmTemplates, client });
  const templateQueue = queue('virtualmachinetemplate', (key) => controller.reconcile(key));
  vmTemplates.onChange(({ key }) => templateQueue.add(keyText(key)));
}
