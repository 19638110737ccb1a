import { CdiController } from '../cdi/CdiController.ts';
import { keyText } from '../client/Informer.ts';
import { HostPathProvisionerController } from '../hostpath-provisioner/HostPathProvisionerController.ts';
import { BootImageController } from '../hyperconverged/BootImageController.ts';
import { HyperConvergedController } from '../hyperconverged/HyperConvergedController.ts';
import { keepScale, restoreComponent } from '../kubevirt/virt-operator/ComponentInstaller.ts';
import { KubeVirtController } from '../kubevirt/virt-operator/KubeVirtController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the operators: each keeps its components, and reports on them in its object. */
export function connectOperators(wiring: Wiring): void {
  connectComponents(wiring);
  connectKubeVirt(wiring);
  connectCdiOperator(wiring.as('cdi-operator'));
  connectHyperConverged(wiring.as('hco-operator'));
  connectHostpath(wiring.as('hostpath-provisioner-operator'));
}

/** Workloads of components come back, and keep their size. */
function connectComponents({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.virtOperator);
  const { deployments, daemonSets } = sets.pick(client, ['deployments', 'daemonSets']);
  const deploymentQueue = queue('virt-operator deployments', async (key) => {
    const found = deployments.get(key);
    if (found) await keepScale(client, found);
    else await restoreComponent(client, { kind: 'Deployment', metadata: key });
  });
  const daemonSetQueue = queue('virt-operator daemonsets', async (key) => {
    if (daemonSets.get(key)) return;
    await restoreComponent(client, { kind: 'DaemonSet', metadata: key });
  });
  deployments.onChange(({ key }) => deploymentQueue.add(keyText(key)));
  daemonSets.onChange(({ key }) => daemonSetQueue.add(keyText(key)));
}

function connectKubeVirt({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.virtOperator);
  const informers = sets.pick(client, ['kubeVirts', 'deployments', 'daemonSets']);
  const { kubeVirts, deployments, daemonSets } = informers;
  const controller = new KubeVirtController({ ...options, ...informers, client });
  const kubeVirtQueue = queue('kubevirt', (key) => controller.reconcile(key), 1);
  const wake = () => {
    for (const { metadata } of kubeVirts.list()) kubeVirtQueue.add(keyText(metadata));
  };
  kubeVirts.onChange(({ key }) => kubeVirtQueue.add(keyText(key)));
  deployments.onChange(wake);
  daemonSets.onChange(wake);
}

function connectCdiOperator({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.virtOperator);
  const informers = sets.pick(client, ['cdis', 'deployments']);
  const controller = new CdiController({ ...options, ...informers, client });
  const cdiQueue = queue('cdi', (key) => controller.reconcile(key), 1);
  informers.cdis.onChange(({ key }) => cdiQueue.add(keyText(key)));
  informers.deployments.onChange(() => {
    for (const { metadata } of informers.cdis.list()) cdiQueue.add(keyText(metadata));
  });
}

function connectHyperConverged({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.virtOperator);
  const informers = sets.pick(client, [
    ...(['hyperConvergeds', 'kubeVirts', 'cdis', 'dataImportCrons'] as const),
  ]);
  const { templates, namespace } = options.bootImages;
  const common = { ...informers, client, commonTemplates: templates };
  const controller = new HyperConvergedController({ ...options, ...common });
  const bootImages = new BootImageController({ ...common, bootImageNamespace: namespace });
  const hyperConvergedQueue = queue('hyperconverged', (key) => controller.reconcile(key), 1);
  const bootImageQueue = queue('boot-images', (key) => bootImages.reconcile(key), 1);
  const wake = () => {
    for (const { metadata } of informers.hyperConvergeds.list())
      hyperConvergedQueue.add(keyText(metadata));
  };
  const wakeBoth = () => {
    wake();
    for (const { metadata } of informers.hyperConvergeds.list())
      bootImageQueue.add(keyText(metadata));
  };
  informers.kubeVirts.onChange(wake);
  informers.cdis.onChange(wake);
  informers.hyperConvergeds.onChange(wakeBoth);
  informers.dataImportCrons.onChange(wakeBoth);
}

function connectHostpath({ options, informers: sets, queue }: Wiring): void {
  const client = options.clientFor(identities.virtOperator);
  const informers = sets.pick(client, ['hostPathProvisioners', 'daemonSets']);
  const controller = new HostPathProvisionerController({ ...options, ...informers, client });
  const provisionerQueue = queue('hostpathprovisioner', (key) => controller.reconcile(key), 1);
  const { hostPathProvisioners, daemonSets } = informers;
  hostPathProvisioners.onChange(({ key }) => provisionerQueue.add(keyText(key)));
  daemonSets.onChange(() => {
    for (const { metadata } of hostPathProvisioners.list()) provisionerQueue.add(keyText(metadata));
  });
}
