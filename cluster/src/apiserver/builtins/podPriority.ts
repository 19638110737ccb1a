import type { Pod, PriorityClass } from '../../client/resources.ts';
import { forbidden } from '../ApiError.ts';
import type { AdmissionContext } from '../ResourceDefinition.ts';

const priorityClasses = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  plural: 'priorityclasses',
  kind: 'PriorityClass',
  namespaced: false,
} as const;

/**
 * Gives a new pod the priority of its class, or of the class that is everyone's default. Kubernetes:
 * plugin/pkg/admission/priority (1.33).
 */
export async function setPriority({ object, client, name }: AdmissionContext<Pod>): Promise<void> {
  if (object === undefined) return;
  // The parse boundary: what is stored under this name are priority classes.
  const classes = (await client.list(priorityClasses)).items as PriorityClass[];
  const { spec } = object;
  const wanted = spec.priorityClassName ?? '';
  const found =
    wanted === ''
      ? classes.find(({ globalDefault }) => globalDefault === true)
      : classes.find(({ metadata }) => metadata.name === wanted);
  if (wanted !== '' && found === undefined) {
    const why = `no PriorityClass with name ${wanted} was found`;
    throw forbidden({ group: '', plural: 'pods' }, name, why);
  }
  if (found !== undefined) spec.priorityClassName = found.metadata.name;
  spec.priority = found?.value ?? 0;
  spec.preemptionPolicy ??= found?.preemptionPolicy ?? 'PreemptLowerPriority';
}
