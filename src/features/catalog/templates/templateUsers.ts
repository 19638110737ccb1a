import { useMemo } from 'react';

import { useWatchList } from '~/api/useWatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { virtualMachines } from '~/k8s/models';

interface MadeFrom {
  vm: string;
  /** Name and project of the template, as the VM's labels say them. */
  template: string;
  namespace: string;
}

/** Label of VMs by which OpenShift's templates are known (kubevirt/common-templates). */
const label = 'vm.kubevirt.io/template';

function toMadeFrom({ metadata = {} }: KubernetesObject): MadeFrom {
  const { namespace = '', name = '', labels = {} } = metadata;
  return {
    vm: `${namespace}/${name}`,
    template: labels[label] ?? '',
    namespace: labels[`${label}.namespace`] ?? namespace,
  };
}

/**
 * The VMs that were made from templates, as `namespace/name`, by the keys that the rows of templates
 * have: the labels do not tell the kind. Undefined where they may not be seen.
 */
export function useTemplateUsers(): ReadonlyMap<string, readonly string[]> | undefined {
  const watched = useWatchList({
    ...{ model: virtualMachines, namespace: undefined, labelSelector: label },
    toRow: toMadeFrom,
  });
  const rows = rowsOf(watched);
  return useMemo(() => {
    if (!rows) return undefined;
    const users = new Map<string, string[]>();
    for (const { vm, template, namespace } of rows) {
      for (const kind of ['VirtualMachineTemplate', 'Template']) {
        const key = `${kind}/${namespace}/${template}`;
        users.set(key, [...(users.get(key) ?? []), vm]);
      }
    }
    return users;
  }, [rows]);
}
