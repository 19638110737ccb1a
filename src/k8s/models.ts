/** What is needed of a Kubernetes resource to address it. `group` is '' for the core group. */
export type Model = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
};

const kubevirt = { group: 'kubevirt.io', version: 'v1', namespaced: true };
const subresources = { ...kubevirt, group: 'subresources.kubevirt.io' };
const cdi = { group: 'cdi.kubevirt.io', version: 'v1beta1', namespaced: true };
const snapshot = { group: 'snapshot.kubevirt.io', version: 'v1beta1', namespaced: true };
const instancetype = { group: 'instancetype.kubevirt.io', version: 'v1beta1' };
const core = { group: '', version: 'v1', namespaced: true };

export const virtualMachines: Model = {
  ...kubevirt,
  kind: 'VirtualMachine',
  plural: 'virtualmachines',
};

export const virtualMachineInstances: Model = {
  ...kubevirt,
  kind: 'VirtualMachineInstance',
  plural: 'virtualmachineinstances',
};

export const virtualMachineInstanceMigrations: Model = {
  ...kubevirt,
  kind: 'VirtualMachineInstanceMigration',
  plural: 'virtualmachineinstancemigrations',
};

/** The aggregated group that serves start, stop, restart and the like; it stores no objects. */
export const virtualMachineActions: Model = { ...virtualMachines, ...subresources };

/** The aggregated group that serves pause, vnc, console and the like; it stores no objects. */
export const virtualMachineInstanceActions: Model = {
  ...virtualMachineInstances,
  ...subresources,
};

/** KubeVirt's own configuration; there is one. */
export const kubeVirts: Model = { ...kubevirt, kind: 'KubeVirt', plural: 'kubevirts' };

export const dataVolumes: Model = { ...cdi, kind: 'DataVolume', plural: 'datavolumes' };
/** Its only object is `config`. */
export const cdiConfigs: Model = {
  ...cdi,
  namespaced: false,
  kind: 'CDIConfig',
  plural: 'cdiconfigs',
};
export const uploadTokenRequests: Model = {
  ...cdi,
  group: 'upload.cdi.kubevirt.io',
  kind: 'UploadTokenRequest',
  plural: 'uploadtokenrequests',
};
export const dataImportCrons: Model = {
  ...cdi,
  kind: 'DataImportCron',
  plural: 'dataimportcrons',
};
/** One for each StorageClass, of its name. */
export const storageProfiles: Model = {
  ...cdi,
  namespaced: false,
  kind: 'StorageProfile',
  plural: 'storageprofiles',
};
export const dataSources: Model = { ...cdi, kind: 'DataSource', plural: 'datasources' };

export const virtualMachineSnapshots: Model = {
  ...snapshot,
  kind: 'VirtualMachineSnapshot',
  plural: 'virtualmachinesnapshots',
};
export const virtualMachineRestores: Model = {
  ...snapshot,
  kind: 'VirtualMachineRestore',
  plural: 'virtualmachinerestores',
};

export const virtualMachineClones: Model = {
  ...snapshot,
  group: 'clone.kubevirt.io',
  kind: 'VirtualMachineClone',
  plural: 'virtualmachineclones',
};
export const virtualMachineExports: Model = {
  ...snapshot,
  group: 'export.kubevirt.io',
  kind: 'VirtualMachineExport',
  plural: 'virtualmachineexports',
};

export const clusterInstancetypes: Model = {
  ...instancetype,
  namespaced: false,
  kind: 'VirtualMachineClusterInstancetype',
  plural: 'virtualmachineclusterinstancetypes',
};
export const projectInstancetypes: Model = {
  ...instancetype,
  namespaced: true,
  kind: 'VirtualMachineInstancetype',
  plural: 'virtualmachineinstancetypes',
};
export const projectPreferences: Model = {
  ...instancetype,
  namespaced: true,
  kind: 'VirtualMachinePreference',
  plural: 'virtualmachinepreferences',
};
export const clusterPreferences: Model = {
  ...instancetype,
  namespaced: false,
  kind: 'VirtualMachineClusterPreference',
  plural: 'virtualmachineclusterpreferences',
};

/** Templates of virt-template, which KubeVirt brings along. */
export const vmTemplates: Model = {
  ...{ group: 'template.kubevirt.io', version: 'v1beta1', namespaced: true },
  kind: 'VirtualMachineTemplate',
  plural: 'virtualmachinetemplates',
};
/** The aggregated group that processes them; it stores no objects. */
export const vmTemplateActions: Model = {
  ...vmTemplates,
  group: 'subresources.template.kubevirt.io',
};
/** Templates of OpenShift, of which those are meant that have a VirtualMachine. */
export const openshiftTemplates: Model = {
  ...{ group: 'template.openshift.io', version: 'v1', namespaced: true },
  kind: 'Template',
  plural: 'templates',
};
/** What a template is posted to, to be answered with its objects. */
export const processedTemplates: Model = { ...openshiftTemplates, plural: 'processedtemplates' };

export const networkAttachmentDefinitions: Model = {
  group: 'k8s.cni.cncf.io',
  version: 'v1',
  namespaced: true,
  kind: 'NetworkAttachmentDefinition',
  plural: 'network-attachment-definitions',
};

export const storageClasses: Model = {
  group: 'storage.k8s.io',
  version: 'v1',
  namespaced: false,
  kind: 'StorageClass',
  plural: 'storageclasses',
};

/** What a driver has left for a class, by the topology of its nodes. */
export const csiStorageCapacities: Model = {
  ...storageClasses,
  namespaced: true,
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
};

export const priorityClasses: Model = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  namespaced: false,
  kind: 'PriorityClass',
  plural: 'priorityclasses',
};
export const volumeSnapshots: Model = {
  group: 'snapshot.storage.k8s.io',
  version: 'v1',
  namespaced: true,
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
};

export const volumeSnapshotClasses: Model = {
  ...volumeSnapshots,
  namespaced: false,
  kind: 'VolumeSnapshotClass',
  plural: 'volumesnapshotclasses',
};

export const namespaces: Model = {
  ...core,
  namespaced: false,
  kind: 'Namespace',
  plural: 'namespaces',
};
/** OpenShift's view of namespaces; plain Kubernetes has none. */
export const projects: Model = {
  group: 'project.openshift.io',
  version: 'v1',
  namespaced: false,
  kind: 'Project',
  plural: 'projects',
};
export const nodes: Model = { ...core, namespaced: false, kind: 'Node', plural: 'nodes' };
export const services: Model = { ...core, kind: 'Service', plural: 'services' };
export const resourceQuotas: Model = { ...core, kind: 'ResourceQuota', plural: 'resourcequotas' };
export const limitRanges: Model = { ...core, kind: 'LimitRange', plural: 'limitranges' };
export const configMaps: Model = { ...core, kind: 'ConfigMap', plural: 'configmaps' };
export const secrets: Model = { ...core, kind: 'Secret', plural: 'secrets' };
export const pods: Model = { ...core, kind: 'Pod', plural: 'pods' };
export const events: Model = { ...core, kind: 'Event', plural: 'events' };
export const persistentVolumeClaims: Model = {
  ...core,
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
};

/** `kubevirt.io/v1`, or `v1` for the core group. */
export function apiVersion(model: Model): string {
  return model.group === '' ? model.version : `${model.group}/${model.version}`;
}

/**
 * The name of a resource in the console's URLs and extensions: `kubevirt.io~v1~VirtualMachine`.
 * The console knows core resources by their plural alone (`pods`).
 */
export function resourceReference(model: Model): string {
  return model.group === '' ? model.plural : `${model.group}~${model.version}~${model.kind}`;
}

export type ResourceAddress = {
  /** Absent for a cluster-scoped resource, or for a list over all namespaces. */
  namespace?: string | undefined;
  /** Absent for the collection. */
  name?: string | undefined;
  /** May have several segments: `vnc/screenshot`. */
  subresource?: string | undefined;
};

/** Path on the API server, starting with `/api` or `/apis`; each segment is escaped. */
export function resourcePath(model: Model, address: ResourceAddress = {}): string {
  const { namespace, name, subresource } = address;
  const segments =
    model.group === '' ? ['api', model.version] : ['apis', model.group, model.version];
  if (model.namespaced && namespace !== undefined) segments.push('namespaces', namespace);
  segments.push(model.plural);
  if (name !== undefined) segments.push(name);
  if (subresource !== undefined) segments.push(...subresource.split('/'));
  return `/${segments.map(encodeURIComponent).join('/')}`;
}
