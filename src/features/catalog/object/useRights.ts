import { useTranslation } from 'react-i18next';

import { useAccess } from '~/api/access';
import type { Model } from '~/k8s/models';

interface Rights {
  /** Why the user may not; undefined when they may, or it is not known yet. */
  create: string | undefined;
  edit: string | undefined;
  remove: string | undefined;
}

/** Whether objects of a resource may be made, changed and deleted: in a namespace, or everywhere. */
export function useRights(model: Model, namespace: string | undefined): Rights {
  const { t } = useTranslation('plugin__virtdeck');
  const query = { group: model.group, resource: model.plural, namespace };
  const create = useAccess({ ...query, verb: 'create' });
  const edit = useAccess({ ...query, verb: 'patch' });
  const remove = useAccess({ ...query, verb: 'delete' });
  const reasonOf = ({ allowed, loading, reason }: typeof create) => {
    if (loading || allowed) return undefined;
    const denied =
      namespace === undefined
        ? t('You are not allowed to do this.')
        : t('You are not allowed to do this in project {{namespace}}.', { namespace });
    return reason === undefined ? denied : `${denied} ${reason}`;
  };
  return { create: reasonOf(create), edit: reasonOf(edit), remove: reasonOf(remove) };
}
