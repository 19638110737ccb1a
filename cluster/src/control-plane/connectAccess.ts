import { keyText } from '../client/Informer.ts';
import { ClusterRoleAggregator } from '../kube-controller-manager/ClusterRoleAggregator.ts';
import { rootCaName, RootCaPublisher } from '../kube-controller-manager/RootCaPublisher.ts';
import { ServiceAccountController } from '../kube-controller-manager/ServiceAccountController.ts';
import { TokensController } from '../kube-controller-manager/TokensController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';
import type { Informers } from './informers.ts';

/** Wakes what looks after service accounts, their tokens, the authority's ConfigMaps and aggregated roles. */
export function connectAccess({ options, queue }: Wiring, informers: Informers): void {
  const { namespaces, serviceAccounts, secrets, clusterRoles, configMaps } = informers;
  const accounts = new ServiceAccountController({
    ...informers,
    client: options.clientFor(identities.serviceAccountController),
  });
  const accountQueue = queue('serviceaccount', (key) => accounts.reconcile(key));
  namespaces.onChange(({ key }) => accountQueue.add(keyText(key)));
  const publisher = new RootCaPublisher({
    ...options,
    ...informers,
    client: options.clientFor(identities.rootCaPublisher),
  });
  const publisherQueue = queue('root-ca-cert-publisher', (key) => publisher.reconcile(key));
  namespaces.onChange(({ key }) => publisherQueue.add(keyText(key)));
  configMaps.onChange(({ key: { namespace, name } }) => {
    if (name !== rootCaName || namespace === undefined) return;
    publisherQueue.add(keyText({ name: namespace }));
  });
  const tokens = new TokensController({
    ...options,
    ...informers,
    client: options.clientFor(identities.controllerManager),
  });
  const tokenQueue = queue('serviceaccount-token', (key) => tokens.reconcile(key));
  secrets.onChange(({ key }) => tokenQueue.add(keyText(key)));
  serviceAccounts.onChange(({ key, after }) => {
    for (const secret of tokens.secretsOf(key)) tokenQueue.add(keyText(secret));
    if (!after && key.namespace !== undefined) accountQueue.add(keyText({ name: key.namespace }));
  });
  const aggregator = new ClusterRoleAggregator({
    ...informers,
    client: options.clientFor(identities.clusterRoleAggregation),
  });
  const roleQueue = queue('clusterrole-aggregation', (key) => aggregator.reconcile(key));
  clusterRoles.onChange(() => {
    for (const key of aggregator.aggregated()) roleQueue.add(keyText(key));
  });
}
