import { hasReason } from '../../apiserver/ApiError.ts';
import { ensure } from '../../client/ensure.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import { type Deployment, daemonSets, deployments } from '../../client/resources.ts';
import { type Component, componentOf, components, componentTemplate } from './components.ts';

/** Makes the workloads that are missing. */
export async function installComponentWorkloads(client: KubeClient): Promise<void> {
  for (const component of components) await installComponent(client, component);
}

async function installComponent(client: KubeClient, component: Component): Promise<void> {
  const { namespace, name, kind, labels } = component;
  const common = { apiVersion: 'apps/v1', kind, metadata: { namespace, name, labels } };
  const selector = { matchLabels: labels };
  const template = componentTemplate(component);
  if (kind === 'Deployment') {
    await ensure(client, deployments, { ...common, spec: { replicas: 1, selector, template } });
  } else await ensure(client, daemonSets, { ...common, spec: { selector, template } });
}

/** Brings a component's workload back when somebody deletes it, as operators do; waits for its end. */
export async function restoreComponent(
  client: KubeClient,
  workload: { kind: string; metadata: ObjectKey },
): Promise<void> {
  const component = componentOf(workload);
  if (!component) return;
  try {
    await installComponent(client, component);
  } catch (error) {
    // Its namespace ends or is gone: then somebody wants it so.
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Forbidden')) throw error;
  }
}

/** There is one of each part of this program, whatever somebody makes of its replicas. */
export async function keepScale(client: KubeClient, deployment: Deployment): Promise<void> {
  if (!componentOf(deployment) || deployment.spec.replicas === 1) return;
  const patch = { type: 'merge', body: { spec: { replicas: 1 } } } as const;
  await ignoreGone(client.patch(deployments, deployment.metadata, patch));
}
