import { useAccessReview } from './useAccessReview.ts';

/** How this user makes a project: as a namespace, or on OpenShift by asking for one. */
export type ProjectCreation = 'namespace' | 'projectrequest' | 'denied';

/** On a Kubernetes without OpenShift's projects nobody may ask for one, but administrators. */
export function useProjectCreation(): ProjectCreation {
  const [mayCreate] = useAccessReview({ verb: 'create', resource: 'namespaces' });
  const [mayAsk] = useAccessReview({
    ...{ verb: 'create', group: 'project.openshift.io', resource: 'projectrequests' },
  });
  if (mayCreate) return 'namespace';
  return mayAsk ? 'projectrequest' : 'denied';
}
