import { uploads } from '~/api/uploads';
import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { dataVolumes, persistentVolumeClaims, resourcePath } from '~/k8s/models';
import type { Reference } from '~/kubevirt/create/draftReferences';

/**
 * Gives those objects that are not there. Of what this user may not see nothing is known, and nothing
 * said. Never rejects; stops with what it has when the signal is aborted.
 */
export async function missingReferences(
  references: readonly Reference[],
  signal?: AbortSignal,
): Promise<Reference[]> {
  const found = await Promise.all(
    references.map(async (one) => ({ one, isMissing: await isMissing(one, signal) })),
  );
  return found.filter((entry) => entry.isMissing).map(({ one }) => one);
}

async function isMissing(one: Reference, signal: AbortSignal | undefined): Promise<boolean> {
  const { model, namespace, name } = one;
  if (model.kind === dataVolumes.kind) {
    // A waiting upload makes its DataVolume later, and CDI may delete that of a filled claim.
    if (isComing(one)) return false;
    if (!(await isMissing({ ...one, model: persistentVolumeClaims }, signal))) return false;
  }
  try {
    await kubernetesRequest(
      resourcePath(model, { namespace, name }),
      signal === undefined ? {} : { signal },
    );
    return false;
  } catch (error) {
    return toFailure(error).status === 404;
  }
}

function isComing({ namespace, name }: Reference): boolean {
  return uploads
    .getSnapshot()
    .some((one) => one.namespace === namespace && one.name === name && one.state !== 'cancelled');
}
