import { basePath } from '~/console/http';
import { resourceReference, virtualMachineInstances, virtualMachines } from '~/k8s/models';

// The only router package that exists in all consoles from 4.19 on (there React Router 6, later 7).
export { Link, useLocation, useNavigate, useParams } from 'react-router-dom-v5-compat';

const reference = resourceReference(virtualMachines);
const instanceReference = resourceReference(virtualMachineInstances);

/**
 * The console's page of one VirtualMachine, or of an instance without one; `tab` as in the URL
 * (`console`, `yaml`).
 */
export function vmHref(
  vm: { namespace: string; name: string; isInstance?: true },
  tab?: string,
): string {
  const page = `${listHref(vm.isInstance ? instanceReference : reference, vm.namespace)}/${encodeURIComponent(vm.name)}`;
  return tab === undefined ? page : `${page}/${tab}`;
}

function listHref(of: string, namespace: string | undefined): string {
  return namespace === undefined
    ? `/k8s/all-namespaces/${of}`
    : `/k8s/ns/${encodeURIComponent(namespace)}/${of}`;
}

/** The list of VirtualMachines; without a namespace, of all. */
export function vmListHref(namespace?: string): string {
  return listHref(reference, namespace);
}

/** The list of instances that run without a VirtualMachine; without a namespace, of all. */
export function instanceListHref(namespace?: string): string {
  return listHref(instanceReference, namespace);
}

/** The page that has nothing but the consoles of a VM; for a window, so with the console's base path. */
export function consoleWindowHref(vm: { namespace: string; name: string }): string {
  return `${basePath()}virtdeck/console/${encodeURIComponent(vm.namespace)}/${encodeURIComponent(vm.name)}`;
}

/** The wizard that creates VirtualMachines; `step` as in the URL. */
export function vmWizardHref(step?: string): string {
  return step === undefined ? '/virtdeck/create-vm' : `/virtdeck/create-vm?step=${step}`;
}
