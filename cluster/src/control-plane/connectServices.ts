import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

import { keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import type { ObjectReference, Pod, Service } from '../client/resources.ts';
import { EndpointsController } from '../kube-controller-manager/endpoints/EndpointsController.ts';
import { EndpointSliceController } from '../kube-controller-manager/endpoints/EndpointSliceController.ts';
import {
  selects,
  serviceNameLabel,
} from '../kube-controller-manager/endpoints/serviceEndpoints.ts';
import { LoadBalancerController } from '../kube-controller-manager/LoadBalancerController.ts';
import { KubeProxy } from '../kube-proxy/KubeProxy.ts';
import { names } from '../kubevirt/resources.ts';
import type { Guest } from '../kubevirt/virt-launcher/GuestRuntime.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';
import type { Informers } from './informers.ts';

/** Wakes what writes the endpoints of services, and gives load balancers their address. */
export function connectEndpoints(
  { options, queue, recorder }: Wiring,
  informers: Pick<Informers, 'services' | 'pods' | 'endpoints' | 'endpointSlices'>,
): void {
  const { services, pods } = informers;
  const slices = new EndpointSliceController({
    ...informers,
    client: options.clientFor(identities.endpointSliceController),
  });
  const endpoints = new EndpointsController({
    ...informers,
    client: options.clientFor(identities.endpointController),
  });
  const client = options.clientFor(identities.serviceController);
  const balancers = new LoadBalancerController({
    client,
    services,
    recorder: recorder(client, 'service-controller'),
  });
  const sliceQueue = queue('endpointslice', (key) => slices.reconcile(key));
  const endpointsQueue = queue('endpoints', (key) => endpoints.reconcile(key));
  const balancerQueue = queue('service', (key) => balancers.reconcile(key), 1);
  const wake = (key: ObjectKey) => {
    sliceQueue.add(keyText(key));
    endpointsQueue.add(keyText(key));
  };
  services.onChange(({ key }) => {
    wake(key);
    balancerQueue.add(keyText(key));
  });
  pods.onChange(({ key, before, after }) => {
    for (const service of services.list(key.namespace)) {
      if (serves(service, before) || serves(service, after)) wake(service.metadata);
    }
  });
  informers.endpoints.onChange(({ key }) => endpointsQueue.add(keyText(key)));
  informers.endpointSlices.onChange(({ before, after }) => {
    const { namespace, labels } = (after ?? before)?.metadata ?? {};
    const name = labels?.[serviceNameLabel];
    if (name) sliceQueue.add(keyText({ namespace, name }));
  });
}

const serves = (service: Service, pod: Pod | undefined) =>
  pod !== undefined && service.spec.selector !== undefined && selects(service, pod);

/** Lets services be reached on this machine; `guestOf` finds a guest that runs, by its VMI's UID. */
export function connectProxy(
  { options, informers: sets, queue, recorder }: Wiring,
  guestOf: (uid: string) => Guest | undefined,
): KubeProxy {
  const client = options.clientFor(identities.kubeProxy);
  const { services, endpointSlices } = sets.pick(client, ['services', 'endpointSlices']);
  const { pods } = sets.pick(options.clientFor(identities.virtHandler), ['pods']);
  const proxy = new KubeProxy({
    services,
    endpointSlices,
    dial: (address, port, target) => dial(podOf(pods, target), address, port, guestOf),
    recorder: recorder(client, 'kube-proxy'),
    clock: options.clock,
  });
  const proxyQueue = queue('kube-proxy', (key) => proxy.reconcile(key));
  services.onChange(({ key }) => proxyQueue.add(keyText(key)));
  endpointSlices.onChange(({ before, after }) => {
    const { namespace, labels } = (after ?? before)?.metadata ?? {};
    const name = labels?.[serviceNameLabel];
    if (name) proxyQueue.add(keyText({ namespace, name }));
  });
  return proxy;
}

function podOf(pods: Informers['pods'], target: ObjectReference | undefined): Pod | undefined {
  if (target?.kind !== 'Pod' || target.name === undefined) return undefined;
  return pods.get({ namespace: target.namespace, name: target.name });
}

/**
 * A launcher pod's port is its guest's. Not by the pod's address: not every port is forwarded there, and
 * where none is a program that listens on all addresses of this machine would answer.
 */
async function dial(
  pod: Pod | undefined,
  address: string,
  port: number,
  guestOf: (uid: string) => Guest | undefined,
): Promise<Duplex> {
  const uid = pod?.metadata.labels?.[names.createdBy];
  if (uid !== undefined) {
    const guest = guestOf(uid);
    if (guest === undefined) throw new Error('the guest does not run');
    // An interface that lists ports has no others.
    const listed = pod?.spec.containers.flatMap(({ ports = [] }) => ports) ?? [];
    if (listed.length > 0 && !listed.some(({ containerPort }) => containerPort === port)) {
      throw new Error(`port ${port} is not among those that the guest's interface lists`);
    }
    return guest.openPort(port);
  }
  // Endpoints that somebody wrote by hand.
  const socket = connect({ host: address, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}
