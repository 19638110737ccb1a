import { basePath } from '~/console/http';
import {
  type Model,
  resourceReference,
  virtualMachineInstances,
  virtualMachines,
} from '~/k8s/models';

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

/**
 * The page that has nothing but the consoles of a VM; for a window, so with the console's base path.
 * `kind` is the one to begin with: `vnc`, `serial` or `ssh`.
 */
export function consoleWindowHref(
  { namespace, name }: { namespace: string; name: string },
  kind: string,
): string {
  const page = `${basePath()}virtdeck/console/${encodeURIComponent(namespace)}`;
  return `${page}/${encodeURIComponent(name)}?console=${kind}`;
}

/** The wizard that creates VirtualMachines; `step` as in the URL. */
export function vmWizardHref(step?: string): string {
  return step === undefined ? '/virtdeck/create-vm' : `/virtdeck/create-vm?step=${step}`;
}

/** The wizard, beginning with an instance type (`Kind/name`), a preference or a boot source (`namespace/name`). */
export function vmWizardPresetHref(preset: {
  instancetype?: string;
  preference?: string;
  source?: string;
  project?: string | undefined;
}): string {
  const entries = Object.entries(preset).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value] as [string, string]],
  );
  return `${vmWizardHref()}?${new URLSearchParams(entries).toString()}`;
}

/** The console's list of a resource: of a project, or of all where there is none. */
export function resourceListHref(model: Model, namespace?: string): string {
  const reference = resourceReference(model);
  if (!model.namespaced) return `/k8s/cluster/${reference}`;
  return namespace === undefined
    ? `/k8s/all-namespaces/${reference}`
    : `/k8s/ns/${encodeURIComponent(namespace)}/${reference}`;
}

/** The console's page of an object; `tab` as in the URL. */
export function resourceHref(
  model: Model,
  { namespace, name }: { namespace?: string | undefined; name: string },
  tab?: string,
): string {
  const page = `${resourceListHref(model, namespace)}/${encodeURIComponent(name)}`;
  return tab === undefined ? page : `${page}/${tab}`;
}

/** Whether a path of the console is the page of a resource, or of one of its objects. */
export function isPathOf(pathname: string, model: Model): boolean {
  return pathname.split('/').includes(resourceReference(model));
}
