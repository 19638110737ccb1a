import { useTranslation } from 'react-i18next';

import { objectGet } from '~/api/objects';
import { templateModel } from '~/api/templates';
import { resourceHref, useNavigate } from '~/console/navigation';
import { toFailure } from '~/k8s/errors';
import { apiVersion } from '~/k8s/models';
import { copyObject } from '~/kubevirt/catalog/copyObject';
import type { AnyTemplate, TemplateRow } from '~/kubevirt/templates/templateRow';
import type { MenuAction } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';
import { toastAdd } from '~/ui/toasts';

import { DeleteModal } from '../object/DeleteModal';
import { ObjectEditModal } from '../object/ObjectEditModal';
import { useRights } from '../object/useRights';
import { TemplateExtra, templateFields } from './TemplateFields';
import { VmFromTemplateModal } from './VmFromTemplateModal';

type Target = Pick<TemplateRow, 'key' | 'kind' | 'namespace' | 'name'>;

/**
 * Using, changing, copying and deleting templates. `users` are the VMs by the key of the template that
 * they were made from, where these may be seen.
 */
export function useTemplateActions(
  namespace: string | undefined,
  users: ReadonlyMap<string, readonly string[]> | undefined,
) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const own = useRights(templateModel('VirtualMachineTemplate'), namespace);
  const openshift = useRights(templateModel('Template'), namespace);
  const rightsOf = (kind: string) => (kind === 'Template' ? openshift : own);

  const withTemplate = async (row: Target, then: (template: AnyTemplate) => void) => {
    const model = templateModel(row.kind);
    try {
      then({ kind: row.kind, apiVersion: apiVersion(model), ...(await objectGet(model, row)) });
    } catch (error) {
      const { title, detail } = toFailure(error);
      toastAdd({ tone: 'danger', title: t(title), detail });
    }
  };
  const createVm = (row: Target) =>
    void withTemplate(row, (template) =>
      dialogOpen((close) => (
        <VmFromTemplateModal template={template} namespace={namespace} onClose={close} />
      )),
    );
  const edit = (row: Target, initialView: 'form' | 'yaml' = 'form') =>
    void withTemplate(row, (template) =>
      dialogOpen((close) => (
        <ObjectEditModal<AnyTemplate>
          isNew={false}
          model={templateModel(row.kind)}
          object={template}
          title={t('Edit {{name}}', { name: row.name })}
          description={t('Virtual machines that were made from it stay as they are.')}
          fields={templateFields(template)}
          extra={(now, onChange) => <TemplateExtra template={now} onChange={onChange} />}
          initialView={initialView}
          onClose={close}
        />
      )),
    );
  const create = (template: AnyTemplate, title: string, initialView: 'form' | 'yaml' = 'form') =>
    dialogOpen((close) => (
      <ObjectEditModal<AnyTemplate>
        isNew
        model={templateModel(template.kind ?? '')}
        object={template}
        title={title}
        fields={templateFields(template)}
        extra={(now, onChange) => <TemplateExtra template={now} onChange={onChange} />}
        initialView={initialView}
        onSaved={({ metadata }) =>
          void navigate(
            resourceHref(templateModel(template.kind ?? ''), {
              ...{ namespace: metadata?.namespace, name: metadata?.name ?? '' },
            }),
          )
        }
        onClose={close}
      />
    ));
  const clone = (row: Target) =>
    void withTemplate(row, (template) =>
      create(copyObject(template, `${row.name}-copy`), t('Copy of {{name}}', { name: row.name })),
    );
  const remove = (rows: readonly Target[], onDeleted?: () => void) =>
    dialogOpen((close) => (
      <DeleteModal
        rows={rows}
        modelOf={({ kind }) => templateModel(kind)}
        title={
          rows.length === 1
            ? t('Delete {{name}}?', { name: rows[0]?.name ?? '' })
            : t('Delete {{count}}?', { count: rows.length })
        }
        users={users && rows.flatMap(({ key }) => users.get(key) ?? [])}
        usersText={t('These virtual machines were made from it, and stay as they are:')}
        noUsersText={t('No virtual machine that you can see was made from it.')}
        {...(onDeleted ? { onDeleted } : {})}
        onClose={close}
      />
    ));
  const menu = (row: Target, onDeleted?: () => void): MenuAction[] => [
    { id: 'create', label: t('Create virtual machine'), run: () => createVm(row) },
    {
      ...{ id: 'edit', label: t('Edit'), startsGroup: true },
      ...{ disabledReason: rightsOf(row.kind).edit, run: () => edit(row) },
    },
    {
      ...{ id: 'clone', label: t('Copy to a new one') },
      ...{ disabledReason: rightsOf(row.kind).create, run: () => clone(row) },
    },
    {
      ...{ id: 'delete', label: t('Delete'), isDanger: true, startsGroup: true },
      disabledReason: rightsOf(row.kind).remove,
      run: () => remove([row], onDeleted),
    },
  ];
  return { own, rightsOf, create, createVm, edit, remove, menu };
}
