import { useMemo } from 'react';

import { createAll } from '~/api/createAll';
import { useServed } from '~/api/discovery';
import { useWatchLists } from '~/api/useWatch';
import { kubernetesRequest } from '~/console/http';
import { FailureError, ownFailure, toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import {
  apiVersion,
  openshiftTemplates,
  processedTemplates,
  resourcePath,
  virtualMachines,
  vmTemplateActions,
  vmTemplates,
} from '~/k8s/models';
import type { Watched, WatchedRows } from '~/k8s/Watched';
import type { NewObject } from '~/kubevirt/create/NewObject';
import { type Processed, processTemplate } from '~/kubevirt/templates/processTemplate';
import {
  type AnyTemplate,
  isOpenshift,
  parametersOf,
  type TemplateRow,
  toOpenshiftTemplateRow,
  toVmTemplateRow,
} from '~/kubevirt/templates/templateRow';

const loading = { state: 'loading' } as const;

/** Templates that make VMs, of each kind that the cluster has: of a project, or of all. */
export function useTemplates(namespace: string | undefined): Watched<WatchedRows<TemplateRow>> {
  const hasOwn = useServed(vmTemplates);
  const hasOpenshift = useServed(openshiftTemplates);
  const queries = useMemo(
    () => [
      ...(hasOwn ? [{ model: vmTemplates, namespace, toRow: toVmTemplateRow }] : []),
      ...(hasOpenshift
        ? [{ model: openshiftTemplates, namespace, toRow: toOpenshiftTemplateRow }]
        : []),
    ],
    [hasOwn, hasOpenshift, namespace],
  );
  const watched = useWatchLists<TemplateRow | undefined>(queries);
  return useMemo(() => {
    if (hasOwn === undefined || hasOpenshift === undefined) return loading;
    if (watched.state !== 'ready') return watched;
    const rows = watched.data.rows.filter((row) => row !== undefined);
    return { ...watched, data: { ...watched.data, rows } };
  }, [watched, hasOwn, hasOpenshift]);
}

/** The model of the rows of one kind. */
export function templateModel(kind: string) {
  return kind === openshiftTemplates.kind ? openshiftTemplates : vmTemplates;
}

/**
 * The objects of a template with values of its parameters. The server fills them in; where it does not
 * let the user, or has no such service, it is done here in the same way.
 */
async function process(
  template: AnyTemplate,
  values: Readonly<Record<string, string>>,
): Promise<Processed> {
  try {
    return isOpenshift(template)
      ? await processByOpenshift(template, values)
      : await processByVirtTemplate(template, values);
  } catch (error) {
    const { status } = toFailure(error);
    if (status !== 403 && status !== 404 && status !== 405) throw error;
    return processTemplate(template, values);
  }
}

async function processByVirtTemplate(
  { metadata }: AnyTemplate,
  parameters: Readonly<Record<string, string>>,
): Promise<Processed> {
  const { namespace, name } = metadata ?? {};
  const path = resourcePath(vmTemplateActions, { namespace, name, subresource: 'process' });
  const body = { apiVersion: apiVersion(vmTemplateActions), kind: 'ProcessOptions', parameters };
  const answer = await kubernetesRequest(path, { method: 'POST', body });
  const { virtualMachine, message } = isRecord(answer) ? answer : {};
  return {
    objects: isRecord(virtualMachine) ? [virtualMachine] : [],
    message: typeof message === 'string' ? message : '',
  };
}

async function processByOpenshift(
  template: AnyTemplate,
  values: Readonly<Record<string, string>>,
): Promise<Processed> {
  const { namespace } = template.metadata ?? {};
  const parameters = parametersOf(template).map((one) => {
    const value = values[one.name];
    return value === undefined ? one : { ...one, value };
  });
  const answer = await kubernetesRequest(resourcePath(processedTemplates, { namespace }), {
    method: 'POST',
    body: { ...template, apiVersion: apiVersion(openshiftTemplates), parameters },
  });
  const { objects, message } = isRecord(answer) ? answer : {};
  return {
    objects: Array.isArray(objects) ? objects.filter(isRecord) : [],
    message: typeof message === 'string' ? message : '',
  };
}

/** How the cluster serves the kind of an object. */
async function newObject(object: object, namespace: string): Promise<NewObject> {
  const { apiVersion: version, kind, metadata } = { ...emptyObject, ...object };
  const path = version === 'v1' ? '/api/v1' : `/apis/${version}`;
  const answer = await kubernetesRequest(path);
  const resources =
    isRecord(answer) && Array.isArray(answer['resources']) ? answer['resources'] : [];
  const found = resources
    .filter(isRecord)
    .find((one) => one['kind'] === kind && !String(one['name']).includes('/'));
  if (!found) {
    const detail = `${kind} (${version})`;
    throw new FailureError(ownFailure('The server does not offer this', detail));
  }
  const [first = '', second] = version.split('/');
  const namespaced = found['namespaced'] === true;
  const own = { ...metadata, ...(namespaced && { namespace: metadata.namespace ?? namespace }) };
  return {
    model: {
      ...(second === undefined ? { group: '', version: first } : { group: first, version: second }),
      ...{ kind, plural: String(found['name']), namespaced },
    },
    object: { ...object, metadata: own },
  };
}

const emptyObject = {
  apiVersion: '',
  kind: '',
  // The parse boundary: what a template makes has such metadata, or the server refuses it.
  metadata: {} as { name?: string; namespace?: string; labels?: { [key: string]: string } },
};

/**
 * What a template makes in a project with these values: the VirtualMachine, and what goes with it.
 * Makes nothing. Rejects with what `toFailure` understands.
 */
export async function templateObjects(
  template: AnyTemplate,
  namespace: string,
  values: Readonly<Record<string, string>>,
): Promise<{ vm: object | undefined; also: NewObject[]; message: string }> {
  const { objects, message } = await process(template, values);
  const others = objects.filter((object) => !isVm(object));
  const also = await Promise.all(others.map((object) => newObject(object, namespace)));
  return { vm: objects.find(isVm), also, message };
}

const isVm = (object: object) => 'kind' in object && object.kind === virtualMachines.kind;

/**
 * Makes the objects of a template in a project, or none of them. `change` may alter the VirtualMachine
 * before. Resolves with where the VM is and the template's message; rejects with a CreateAllError, or
 * with what `toFailure` understands.
 */
export async function vmFromTemplate(
  template: AnyTemplate,
  namespace: string,
  values: Readonly<Record<string, string>>,
  change: (vm: object) => object,
): Promise<{ namespace: string; name: string; message: string }> {
  const { objects, message } = await process(template, values);
  const made = await Promise.all(
    objects.map((object) => newObject(isVm(object) ? change(object) : object, namespace)),
  );
  await createAll(made);
  const vm = made.find(({ model }) => model.kind === virtualMachines.kind);
  const { namespace: where = namespace, name = '' } = vm?.object.metadata ?? {};
  return { namespace: where, name, message };
}
