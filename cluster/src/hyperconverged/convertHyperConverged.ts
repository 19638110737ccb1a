import { isObject, type JsonObject } from '../apiserver/json.ts';
import type { AnyObject } from '../apiserver/ResourceDefinition.ts';

type Path = readonly string[];

const same = (group: string, ...names: string[]) =>
  names.map((name): [flat: Path, grouped: Path] => [[name], [group, name]]);

/** Where a setting of v1beta1 is in v1 (HyperConverged: api/v1beta1/conversion.go). Others have one place. */
const moves: readonly [flat: Path, grouped: Path][] = [
  ...same('virtualization', 'liveMigrationConfig', 'permittedHostDevices', 'evictionStrategy'),
  ...same('virtualization', 'mediatedDevicesConfiguration', 'workloadUpdateStrategy'),
  ...same('virtualization', 'higherWorkloadDensity', 'liveUpdateConfiguration', 'hypervisors'),
  ...same('virtualization', 'ksmConfiguration', 'roleAggregationStrategy'),
  ...same('storage', 'vmStateStorageClass', 'scratchSpaceStorageClass', 'storageImport'),
  ...same('storage', 'filesystemOverhead'),
  ...same('security', 'certConfig', 'tlsSecurityProfile'),
  ...same('networking', 'networkBinding', 'kubeMacPoolConfiguration'),
  ...same('networking', 'kubeSecondaryDNSNameServerIP'),
  ...same('workloadSources', 'commonTemplatesNamespace', 'commonBootImageNamespace'),
  ...same('workloadSources', 'enableCommonBootImageImport', 'dataImportCronTemplates'),
  ...same('workloadSources', 'instancetypeConfig'),
  ...same('deployment', 'uninstallStrategy', 'logVerbosityConfig', 'deployVmConsoleProxy'),
  ...same('deployment', 'applicationAwareConfig'),
  [['enableApplicationAwareQuota'], ['deployment', 'applicationAwareConfig', 'enable']],
  [['CommonInstancetypesDeployment'], ['workloadSources', 'commonInstancetypesDeployment']],
  [
    ['obsoleteCPUs', 'cpuModels'],
    ['virtualization', 'obsoleteCPUModels'],
  ],
  [
    ['resourceRequirements', 'vmiCPUAllocationRatio'],
    ['virtualization', 'vmiCPUAllocationRatio'],
  ],
  [
    ['resourceRequirements', 'autoCPULimitNamespaceLabelSelector'],
    ['virtualization', 'autoCPULimitNamespaceLabelSelector'],
  ],
  [
    ['resourceRequirements', 'storageWorkloads'],
    ['storage', 'workloadResourceRequirements'],
  ],
  [['defaultCPUModel'], ['virtualization', 'virtualMachineOptions', 'defaultCPUModel']],
  [['defaultRuntimeClass'], ['virtualization', 'virtualMachineOptions', 'defaultRuntimeClass']],
  ...['disableFreePageReporting', 'disableSerialConsoleLog'].map((name): [Path, Path] => [
    ['virtualMachineOptions', name],
    ['virtualization', 'virtualMachineOptions', name],
  ]),
  [
    ['infra', 'nodePlacement'],
    ['deployment', 'nodePlacements', 'infra'],
  ],
  [
    ['workloads', 'nodePlacement'],
    ['deployment', 'nodePlacements', 'workload'],
  ],
];

/**
 * A HyperConverged object in another version: v1 has its settings in groups and its feature gates in a list,
 * v1beta1 has both flat.
 */
export function convertHyperConverged(object: AnyObject, apiVersion: string): AnyObject {
  const converted: AnyObject = structuredClone({ ...object, apiVersion });
  const spec = converted['spec'];
  if (!isObject(spec)) return converted;
  const toGroups = apiVersion.endsWith('/v1');
  for (const [flat, grouped] of moves) {
    if (toGroups) move(spec, flat, grouped);
    else move(spec, grouped, flat);
  }
  const gates = spec['featureGates'];
  if (gates !== undefined) spec['featureGates'] = toGroups ? gateList(gates) : gateObject(gates);
  return converted;
}

function move(spec: JsonObject, from: Path, to: Path): void {
  const value = take(spec, from);
  if (value !== undefined) put(spec, to, value);
}

/** Takes a value out, and with it the objects that are empty then. */
function take(object: JsonObject, [name = '', ...rest]: Path): unknown {
  const value = object[name];
  if (rest.length === 0) {
    Reflect.deleteProperty(object, name);
    return value;
  }
  if (!isObject(value)) return undefined;
  const taken = take(value, rest);
  if (Object.keys(value).length === 0) Reflect.deleteProperty(object, name);
  return taken;
}

function put(object: JsonObject, [name = '', ...rest]: Path, value: unknown): void {
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const before = object[name];
  const inner = isObject(before) ? before : {};
  object[name] = inner;
  put(inner, rest, value);
}

/** `{ name: true }` as `[{ name }]`; what is no object is left for the schema to refuse. */
function gateList(gates: unknown): unknown {
  if (!isObject(gates)) return gates;
  return Object.entries(gates).map(([name, on]) => ({
    name,
    ...(on !== true && { state: 'Disabled' }),
  }));
}

function gateObject(gates: unknown): unknown {
  if (!Array.isArray(gates)) return gates;
  return Object.fromEntries(
    gates.filter(isObject).map(({ name, state }) => [String(name), state !== 'Disabled']),
  );
}
