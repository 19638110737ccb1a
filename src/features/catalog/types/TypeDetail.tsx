import { Card, CardBody, CardTitle, Gallery, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useTypeUsers } from '~/api/typeUsers';
import {
  isPathOf,
  Link,
  resourceListHref,
  useLocation,
  useNavigate,
  useParams,
  vmHref,
} from '~/console/navigation';
import { ResourceLink } from '~/console/ResourceLink';
import { Timestamp } from '~/console/Timestamp';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { namespaces } from '~/k8s/models';
import { fieldGroups, fieldPairs, fieldText, type FormField } from '~/kubevirt/catalog/formFields';
import { type TypeRow, typeKeyOf, type TypeUser } from '~/kubevirt/catalog/typeRows';
import { DetailList } from '~/ui/DetailList';
import { EmptyPage } from '~/ui/EmptyPage';
import { FilteredTable, type SortableColumn } from '~/ui/FilteredTable';
import { LoadingState } from '~/ui/LoadingState';
import { ToneLabel } from '~/ui/ToneLabel';

import { ObjectPage } from '../object/ObjectPage';
import { ObjectYamlTab } from '../object/ObjectYamlTab';
import { useTableTexts } from '../object/useTableTexts';
import type { TypeFamily } from './families';
import { useTypeActions } from './useTypeActions';

interface Props<Row extends TypeRow> {
  /** As the console gives them; the address has them too. */
  namespace?: string | undefined;
  name?: string | undefined;
  family: TypeFamily<Row>;
}

/** The page of an instance type or a preference. */
export function TypeDetailPage<Row extends TypeRow>({ family, ...props }: Props<Row>) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const params = useParams();
  const { pathname } = useLocation();
  const model = isPathOf(pathname, family.project) ? family.project : family.cluster;
  const namespace = model.namespaced ? (props.namespace ?? params['ns']) : undefined;
  const name = props.name ?? params['name'] ?? '';
  const { users, isPartial } = useTypeUsers();
  const { texts, rights, edit, menu } = useTypeActions(family, model, namespace, users);
  const toRow = model.namespaced ? family.toProjectRow : family.toClusterRow;
  const key = typeKeyOf(model.kind, namespace ?? '', name);
  const own = users?.filter((user) => user[family.use] === key);
  return (
    <ObjectPage<KubernetesObject>
      key={key}
      {...{ model, namespace, name }}
      badge={family.badge}
      listTitle={texts.plural}
      kindTitle={texts.one}
      labels={(object) =>
        toRow(object).isDeprecated ? <ToneLabel tone="warning" text={t('Deprecated')} /> : null
      }
      actions={(object) =>
        menu(toRow(object), object, () => void navigate(resourceListHref(model, namespace)))
      }
      tabs={[
        {
          ...{ id: '', title: t('Overview') },
          body: (object) => <Overview object={object} row={toRow(object)} fields={family.fields} />,
        },
        {
          ...{ id: 'vms', title: t('Virtual machines') },
          body: () => <Users users={own} isPartial={isPartial} />,
        },
        {
          ...{ id: 'yaml', title: t('YAML') },
          body: (object) => (
            <ObjectYamlTab
              object={object}
              editReason={rights.edit}
              onEdit={() => edit(object, 'yaml')}
            />
          ),
        },
      ]}
    />
  );
}

interface OverviewProps {
  object: KubernetesObject;
  row: TypeRow;
  fields: readonly FormField[];
}

/** What it is and what it sets; what no field knows is in the YAML. */
function Overview({ object, row, fields }: OverviewProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const labels = Object.entries(object.metadata?.labels ?? {});
  const valueOf = (field: FormField) => {
    if (field.kind === 'pairs' || field.kind === 'devices') {
      return fieldPairs(object, field)
        .map((pair) => pair.filter(Boolean).join(': '))
        .join('\n');
    }
    const text = fieldText(object, field);
    if (field.kind !== 'flag' && field.kind !== 'decision') return text;
    return text === '' ? '' : text === 'true' ? t('Yes') : t('No');
  };
  const groups = fieldGroups.filter(({ id }) => id !== 'general' && id !== 'labels');
  return (
    <Gallery hasGutter minWidths={{ default: '100%', md: '480px' }}>
      <Section
        id="vd-type-general"
        title={t('Details')}
        details={[
          { term: t('Name'), value: <span className="vd-server-text">{row.name}</span> },
          { term: t('Display name'), value: row.title },
          ...fields
            .filter(
              ({ group, path }) => group === 'general' && path.at(-1)?.endsWith('description'),
            )
            .map((field) => ({
              term: t(field.label),
              value: <span className="vd-server-text">{valueOf(field) || '–'}</span>,
            })),
          ...(row.namespace === ''
            ? []
            : [
                {
                  term: t('Project'),
                  value: (
                    <ResourceLink
                      groupVersionKind={{ version: namespaces.version, kind: namespaces.kind }}
                      name={row.namespace}
                    />
                  ),
                },
              ]),
          { term: t('Vendor'), value: row.vendor },
          { term: t('Created'), value: <Timestamp timestamp={row.created} /> },
          {
            term: t('Labels'),
            value:
              labels.length === 0 ? (
                ''
              ) : (
                <LabelGroup numLabels={4}>
                  {labels.map(([key, value]) => (
                    <Label key={key} isCompact>{`${key}=${value}`}</Label>
                  ))}
                </LabelGroup>
              ),
          },
        ]}
      />
      {groups.map(({ id, label }) => {
        const set = fields.filter(
          (field) => field.group === id && (field.isRequired === true || valueOf(field) !== ''),
        );
        return set.length === 0 ? null : (
          <Section
            key={id}
            id={`vd-type-${id}`}
            title={t(label)}
            details={set.map((field) => ({
              term: t(field.label),
              value: <span className="vd-server-text">{valueOf(field) || '–'}</span>,
            }))}
          />
        );
      })}
    </Gallery>
  );
}

function Section({
  id,
  title,
  details,
}: {
  id: string;
  title: string;
  details: Parameters<typeof DetailList>[0]['details'];
}) {
  return (
    <Card component="section" aria-labelledby={id}>
      <CardTitle component="h2" id={id}>
        {title}
      </CardTitle>
      <CardBody>
        <DetailList label={title} details={details} columns={2} />
      </CardBody>
    </Card>
  );
}

const keyOfUser = ({ namespace, name }: TypeUser) => `${namespace}/${name}`;
const searchedInUser = ({ namespace, name }: TypeUser) => [name, namespace];

/** The VMs that name it. */
function Users({
  users,
  isPartial,
}: {
  users: readonly TypeUser[] | undefined;
  isPartial: boolean;
}) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const texts = useTableTexts<TypeUser>(t('Virtual machines'));
  if (users === undefined) return <LoadingState label={t('Loading virtual machines')} />;
  const partly = isPartial ? t('There may be others in projects that you may not see.') : '';
  if (users.length === 0) {
    return <EmptyPage title={t('No virtual machine that you can see uses it.')} body={partly} />;
  }
  const columns: SortableColumn<TypeUser>[] = [
    {
      ...{ id: 'name', title: t('Name'), width: 260 },
      order: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
      render: (vm) => <Link to={vmHref(vm)}>{vm.name}</Link>,
    },
    {
      ...{ id: 'project', title: t('Project'), width: 200 },
      order: (a, b) => a.namespace.localeCompare(b.namespace),
      render: ({ namespace }) => namespace,
    },
  ];
  return (
    <>
      {partly === '' ? null : <p className="vd-hint">{partly}</p>}
      <FilteredTable
        texts={texts}
        rows={users}
        rowKey={keyOfUser}
        columns={columns}
        facets={[
          {
            ...{ id: 'project', label: t('Project') },
            valuesOf: ({ namespace }) => [namespace],
            text: (value) => value,
          },
        ]}
        searched={searchedInUser}
        onOpen={(vm) => void navigate(vmHref(vm))}
      />
    </>
  );
}
