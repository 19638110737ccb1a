import { useTranslation } from 'react-i18next';

import { resourceHref, useNavigate, vmWizardPresetHref } from '~/console/navigation';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { type Model } from '~/k8s/models';
import { objectGet } from '~/api/objects';
import { toFailure } from '~/k8s/errors';
import { typeKey } from '~/kubevirt/create/typeKey';
import { copyObject } from '~/kubevirt/catalog/copyObject';
import type { TypeRow, TypeUser } from '~/kubevirt/catalog/typeRows';
import type { MenuAction } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';
import { toastAdd } from '~/ui/toasts';

import { DeleteModal } from '../object/DeleteModal';
import { ObjectEditModal } from '../object/ObjectEditModal';
import { useRights } from '../object/useRights';
import { fieldsOf, seedOf, type TypeFamily } from './families';
import { useTypeTexts } from './useTypeTexts';

/** What a row says of itself, and its object where that is at hand. */
type Target = Pick<TypeRow, 'key' | 'namespace' | 'name' | 'vendor'>;

/** Making, changing, copying and deleting instance types or preferences of one of the two scopes. */
export function useTypeActions<Row extends TypeRow>(
  family: TypeFamily<Row>,
  model: Model,
  namespace: string | undefined,
  users: readonly TypeUser[] | undefined,
) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const texts = useTypeTexts(family.use);
  const rights = useRights(model, model.namespaced ? namespace : undefined);
  const usersOf = ({ key }: Target) =>
    users
      ?.filter((user) => user[family.use] === key)
      .map((user) => `${user.namespace}/${user.name}`);

  const opened = (object: KubernetesObject) => {
    const { namespace: ns, name = '' } = object.metadata ?? {};
    void navigate(resourceHref(model, { namespace: ns, name }));
  };
  const create = () =>
    dialogOpen((close) => (
      <ObjectEditModal
        isNew
        model={model}
        object={seedOf(family, model, namespace)}
        title={texts.create}
        fields={fieldsOf(family, model)}
        onSaved={opened}
        onClose={close}
      />
    ));
  const withObject = async (row: Target, then: (object: KubernetesObject) => void) => {
    try {
      then(await objectGet(model, row));
    } catch (error) {
      const { title, detail } = toFailure(error);
      toastAdd({ tone: 'danger', title: t(title), detail });
    }
  };
  const edit = (object: KubernetesObject, initialView: 'form' | 'yaml' = 'form') =>
    dialogOpen((close) => (
      <ObjectEditModal
        isNew={false}
        model={model}
        object={object}
        title={t('Edit {{name}}', { name: object.metadata?.name ?? '' })}
        description={t('Virtual machines that exist keep what they have; new ones get the change.')}
        fields={fieldsOf(family, model)}
        initialView={initialView}
        onClose={close}
      />
    ));
  const clone = (object: KubernetesObject) => {
    const name = object.metadata?.name ?? '';
    dialogOpen((close) => (
      <ObjectEditModal
        isNew
        model={model}
        object={{
          ...copyObject(object, `${name}-copy`),
          ...{ apiVersion: object.apiVersion ?? '', kind: model.kind },
        }}
        title={t('Copy of {{name}}', { name })}
        fields={fieldsOf(family, model)}
        onSaved={opened}
        onClose={close}
      />
    ));
  };
  const remove = (rows: readonly Target[], onDeleted?: () => void) => {
    const [first] = rows;
    const names = rows.flatMap((row) => usersOf(row) ?? []);
    const vendors = [...new Set(rows.map(({ vendor }) => vendor).filter(Boolean))];
    dialogOpen((close) => (
      <DeleteModal
        rows={rows}
        modelOf={() => model}
        title={
          rows.length === 1
            ? t('Delete {{name}}?', { name: first?.name ?? '' })
            : t('Delete {{count}}?', { count: rows.length })
        }
        users={users && names}
        usersText={texts.usersText}
        noUsersText={t('No virtual machine that you can see uses it.')}
        warning={
          vendors.length === 0
            ? undefined
            : t('It comes from {{vendor}}, which may make it again.', {
                vendor: vendors.join(', '),
              })
        }
        {...(onDeleted ? { onDeleted } : {})}
        onClose={close}
      />
    ));
  };
  const menu = (
    row: Target,
    object: KubernetesObject | undefined,
    onDeleted?: () => void,
  ): MenuAction[] => [
    {
      id: 'create-vm',
      label: t('Create virtual machine'),
      run: () =>
        void navigate(
          vmWizardPresetHref({
            [family.use]: typeKey({ kind: model.kind, name: row.name }),
            project: row.namespace || undefined,
          }),
        ),
    },
    {
      id: 'edit',
      startsGroup: true,
      label: t('Edit'),
      disabledReason: rights.edit,
      run: () => (object ? edit(object) : void withObject(row, (one) => edit(one))),
    },
    {
      id: 'clone',
      label: t('Copy to a new one'),
      disabledReason: rights.create,
      run: () => (object ? clone(object) : void withObject(row, clone)),
    },
    {
      id: 'delete',
      label: t('Delete'),
      isDanger: true,
      startsGroup: true,
      disabledReason: rights.remove,
      run: () => remove([row], onDeleted),
    },
  ];
  return { texts, rights, create, edit, remove, menu };
}
