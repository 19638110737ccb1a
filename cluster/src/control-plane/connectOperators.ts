import { CdiController } from '../cdi/CdiController.ts';
import { type AnyInformer, keyText } from '../client/Informer.ts';
import { BootImageController } from '../hyperconverged/BootImageController.ts';
import { HyperConvergedController } from '../hyperconverged/HyperConvergedController.ts';
import { WorkloadController } from '../kube-controller-manager/WorkloadController.ts';
import { componentProgress } from '../kubevirt/virt-operator/components.ts';
import { KubeVirtController } from '../kubevirt/virt-operator/KubeVirtController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/**
 * Wakes what reports on the parts of this program and on other workloads. Returns what is to be called
 * when the control plane has read what there is, and works.
 */
export function connectOperators({
  options,
  informers: sets,
  queue,
  recorder,
}: Wiring): () => void {
  let working = false;
  const client = options.clientFor(identities.virtOperator);
  const informers = sets.pick(client, [
    ...(['deployments', 'daemonSets', 'replicaSets', 'statefulSets', 'jobs', 'cronJobs'] as const),
    ...(['kubeVirts', 'cdis', 'hyperConvergeds', 'nodes', 'dataImportCrons'] as const),
  ]);
  const { deployments, daemonSets, kubeVirts, cdis, hyperConvergeds, nodes } = informers;
  const workloadController = new WorkloadController({
    ...options,
    client,
    recorder: recorder(client, 'workload-controller'),
    progressOf: (workload) => componentProgress(workload, working, nodes.list()),
  });
  const { replicaSets, statefulSets, jobs, cronJobs } = informers;
  const workloads: AnyInformer[] = [
    deployments,
    daemonSets,
    replicaSets,
    statefulSets,
    jobs,
    cronJobs,
  ];
  const report = workloads.map((informer) => {
    const reports = queue(`workload ${informer.resource.plural}`, (key) =>
      workloadController.reconcile(informer, key),
    );
    informer.onChange(({ key }) => reports.add(keyText(key)));
    return () => {
      for (const { metadata } of informer.list()) reports.add(keyText(metadata));
    };
  });
  const reportAll = () => {
    for (const one of report) one();
  };

  const kubeVirtController = new KubeVirtController({ ...options, ...informers, client });
  const cdiController = new CdiController({ ...options, ...informers, client });
  const { templates, namespace } = options.bootImages;
  const hyperConvergedController = new HyperConvergedController({
    ...options,
    ...informers,
    client,
    commonTemplates: templates,
  });
  const bootImageController = new BootImageController({
    ...informers,
    client,
    commonTemplates: templates,
    bootImageNamespace: namespace,
  });
  const bootImageQueue = queue('boot-images', (key) => bootImageController.reconcile(key), 1);
  const kubeVirtQueue = queue('kubevirt', (key) => kubeVirtController.reconcile(key), 1);
  const cdiQueue = queue('cdi', (key) => cdiController.reconcile(key), 1);
  const hyperConvergedQueue = queue(
    'hyperconverged',
    (key) => hyperConvergedController.reconcile(key),
    1,
  );
  const wakeHyperConverged = () => {
    for (const { metadata } of hyperConvergeds.list()) hyperConvergedQueue.add(keyText(metadata));
  };
  const wakeOperators = () => {
    for (const { metadata } of kubeVirts.list()) kubeVirtQueue.add(keyText(metadata));
    for (const { metadata } of cdis.list()) cdiQueue.add(keyText(metadata));
  };
  nodes.onChange(({ before, after }) => {
    // A heartbeat alone changes nothing.
    if (isReady(before) !== isReady(after)) reportAll();
  });
  deployments.onChange(wakeOperators);
  daemonSets.onChange(wakeOperators);
  kubeVirts.onChange(({ key }) => {
    kubeVirtQueue.add(keyText(key));
    wakeHyperConverged();
  });
  cdis.onChange(({ key }) => {
    cdiQueue.add(keyText(key));
    wakeHyperConverged();
  });
  const wakeAll = () => {
    wakeHyperConverged();
    for (const { metadata } of hyperConvergeds.list()) bootImageQueue.add(keyText(metadata));
  };
  hyperConvergeds.onChange(wakeAll);
  informers.dataImportCrons.onChange(wakeAll);

  return () => {
    working = true;
    reportAll();
  };
}

type NodeLike = { status?: { conditions?: { type: string; status: string }[] } } | undefined;

const isReady = (node: NodeLike) =>
  node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
