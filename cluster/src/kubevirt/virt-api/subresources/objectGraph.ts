import type {
  V1VirtualMachineInstanceSpec,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { badRequest } from '../../../apiserver/ApiError.ts';
import type { ApiHandler, ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import { matchesSelector } from '../../../client/labelSelector.ts';
import { pods } from '../../../client/resources.ts';
import { isGateOn } from '../../featureGates.ts';
import { matchedResource } from '../../instancetype/findSpecs.ts';
import { names, type VirtualMachine } from '../../resources.ts';
import { bodyField, getVm, getVmi } from './lookup.ts';

interface GraphNode {
  objectReference: { apiGroup: string; kind: string; name: string; namespace: string };
  optional?: true;
  labels: Record<string, string>;
  children?: GraphNode[];
}

type Dependency = 'storage' | 'network' | 'compute' | 'config';

const kinds: Record<string, [apiGroup: string, dependency: Dependency]> = {
  VirtualMachine: ['kubevirt.io', 'compute'],
  VirtualMachineInstance: ['kubevirt.io', 'compute'],
  Pod: ['', 'compute'],
  DataVolume: ['cdi.kubevirt.io', 'storage'],
  PersistentVolumeClaim: ['', 'storage'],
  ConfigMap: ['', 'config'],
  Secret: ['', 'config'],
  ServiceAccount: ['', 'config'],
  ControllerRevision: ['apps', 'config'],
  NetworkAttachmentDefinition: ['k8s.cni.cncf.io', 'network'],
};

/** What a VM or a VMI depends on, as a tree: KubeVirt pkg/virt-api/rest/objectgraph.go (d923fdb). */
export const vmObjectGraph: ApiHandler = async (request) => {
  await refuseGate(request);
  const vm = await getVm(request);
  const { name, namespace = '' } = vm.metadata;
  const instance = vm.status?.created
    ? [node('VirtualMachineInstance', name, namespace, { children: await launcher(request, name) })]
    : [];
  const children = [
    ...instance,
    ...matched(vm, 'instancetype'),
    ...matched(vm, 'preference'),
    ...specNodes(vm.spec.template.spec, namespace),
  ];
  return reply(request, node('VirtualMachine', name, namespace, { children }));
};

export const vmiObjectGraph: ApiHandler = async (request) => {
  await refuseGate(request);
  const { metadata, spec } = await getVmi(request);
  const { name, namespace = '' } = metadata;
  const children = [...(await launcher(request, name)), ...specNodes(spec, namespace)];
  return reply(request, node('VirtualMachineInstance', name, namespace, { children }));
};

async function refuseGate({ client }: ApiRequest): Promise<void> {
  if (await isGateOn(client, 'ObjectGraph')) return;
  throw badRequest('ObjectGraph feature gate not enabled: Unable to return object graph.');
}

function reply(request: ApiRequest, root: GraphNode) {
  const children = filtered(request, root.children ?? []);
  return { code: 200, json: { ...root, ...(children.length > 0 && { children }) } };
}

function node(
  kind: string,
  name: string,
  namespace: string,
  more: { children?: GraphNode[]; optional?: true; apiGroup?: string } = {},
): GraphNode {
  const [group, dependency] = kinds[kind] ?? ['', 'config'];
  const { children, optional, apiGroup = group } = more;
  return {
    objectReference: { apiGroup, kind, name, namespace },
    ...(optional && { optional }),
    labels: { 'kubevirt.io/dependency-type': dependency },
    ...(children && children.length > 0 && { children }),
  };
}

async function launcher(request: ApiRequest, vmi: string): Promise<GraphNode[]> {
  const namespace = request.params['namespace'] ?? '';
  const { items } = await request.client.list(pods, {
    namespace,
    labelSelector: `kubevirt.io=${names.launcher}`,
  });
  const pod = items.find(({ metadata }) =>
    metadata.ownerReferences?.some(
      ({ kind, name }) => kind === 'VirtualMachineInstance' && name === vmi,
    ),
  );
  return pod ? [node('Pod', pod.metadata.name, namespace)] : [];
}

function matched(vm: VirtualMachine, field: 'instancetype' | 'preference'): GraphNode[] {
  const matcher = vm.spec[field];
  if (!matcher?.name) return [];
  const { namespace = '' } = vm.metadata;
  const { kind, group, namespaced } = matchedResource(field, matcher.kind);
  const ref = field === 'instancetype' ? vm.status?.instancetypeRef : vm.status?.preferenceRef;
  const revision = ref?.controllerRevisionRef?.name ?? matcher.revisionName;
  const at = namespaced ? namespace : '';
  return [
    node(kind, matcher.name, at, { optional: true, apiGroup: group }),
    ...(revision ? [node('ControllerRevision', revision, namespace)] : []),
  ];
}

function specNodes(spec: V1VirtualMachineInstanceSpec | undefined, namespace: string): GraphNode[] {
  const credentials = (spec?.accessCredentials ?? []).flatMap(({ sshPublicKey, userPassword }) => {
    const name = (sshPublicKey ?? userPassword)?.source.secret?.secretName;
    return name ? [node('Secret', name, namespace)] : [];
  });
  const networks = (spec?.networks ?? []).flatMap(({ multus }) => {
    if (!multus?.networkName) return [];
    const [first = '', second] = multus.networkName.split('/');
    const at = second === undefined ? namespace : first;
    return [node('NetworkAttachmentDefinition', second ?? first, at, { optional: true })];
  });
  const volumes = (spec?.volumes ?? []).flatMap((volume) => volumeNodes(volume, namespace));
  return [...credentials, ...volumes, ...networks];
}

function volumeNodes(volume: V1Volume, namespace: string): GraphNode[] {
  const one = (kind: string, name: string | undefined) =>
    name ? [node(kind, name, namespace)] : [];
  if (volume.dataVolume) {
    const { name } = volume.dataVolume;
    const children = one('PersistentVolumeClaim', name);
    return [node('DataVolume', name, namespace, { children })];
  }
  const cloudInit = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive;
  return [
    ...one('PersistentVolumeClaim', volume.persistentVolumeClaim?.claimName),
    ...one('ConfigMap', volume.configMap?.name),
    ...one('Secret', volume.secret?.secretName),
    ...one('ServiceAccount', volume.serviceAccount?.serviceAccountName),
    ...one('Secret', cloudInit?.secretRef?.name),
    ...one('Secret', cloudInit?.networkDataSecretRef?.name),
  ];
}

function filtered(request: ApiRequest, nodes: GraphNode[]): GraphNode[] {
  const withOptional = bodyField(request, 'includeOptionalNodes') !== false;
  const selector = bodyField(request, 'labelSelector');
  return nodes
    .filter(({ optional, labels }) => {
      if (optional && !withOptional) return false;
      return typeof selector !== 'object' || selector === null || matchesSelector(selector, labels);
    })
    .map((one) => {
      const { children, ...rest } = one;
      const kept = filtered(request, children ?? []);
      return { ...rest, ...(kept.length > 0 && { children: kept }) };
    });
}
