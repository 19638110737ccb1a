import { customResource } from '../../apiserver/customResource.ts';
import type { ResourceDefinition } from '../../apiserver/ResourceDefinition.ts';
import type { ResourceRef } from '../../client/KubeClient.ts';
import {
  clusterInstancetypes,
  clusterPreferences,
  type Instancetype,
  instancetypes,
  type Preference,
  preferences,
} from './resources.ts';
import { instancetypeAdmission, preferenceAdmission } from './validateSpecs.ts';

const base = ({ group, version, kind, plural, namespaced }: ResourceRef) => ({
  group,
  versions: [{ name: version }],
  kind,
  plural,
  namespaced,
  ...(namespaced && { categories: ['all'] }),
  model: `io.kubevirt.v1beta1.${kind}`,
});

const instancetype = (resource: ResourceRef<Instancetype>, shortNames: string[], webhook: string) =>
  customResource<Instancetype>({
    ...base(resource),
    shortNames,
    admission: instancetypeAdmission(webhook),
  });

const preference = (resource: ResourceRef<Preference>, shortNames: string[], webhook: string) =>
  customResource<Preference>({
    ...base(resource),
    shortNames,
    admission: preferenceAdmission(webhook),
  });

/** The resources of instancetype.kubevirt.io; names are KubeVirt's. */
export const instancetypeDefinitions: readonly ResourceDefinition[] = [
  instancetype(
    instancetypes,
    ['vminstancetype', 'vminstancetypes', 'vmf', 'vmfs'],
    'virtualmachineinstancetype-validator.instancetype.kubevirt.io',
  ),
  instancetype(
    clusterInstancetypes,
    ['vmclusterinstancetype', 'vmclusterinstancetypes', 'vmcf', 'vmcfs'],
    'virtualmachineclusterinstancetype-validator.instancetype.kubevirt.io',
  ),
  preference(
    preferences,
    ['vmpref', 'vmprefs', 'vmp', 'vmps'],
    'virtualmachinepreference-validator.instancetype.kubevirt.io',
  ),
  preference(
    clusterPreferences,
    ['vmcp', 'vmcps'],
    'virtualmachineclusterpreference-validator.instancetype.kubevirt.io',
  ),
];
