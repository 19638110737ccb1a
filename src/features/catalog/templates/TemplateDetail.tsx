import { Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { templateModel } from '~/api/templates';
import {
  isPathOf,
  Link,
  resourceHref,
  resourceListHref,
  useLocation,
  useNavigate,
  useParams,
  vmHref,
} from '~/console/navigation';
import { ResourceLink } from '~/console/ResourceLink';
import { Timestamp } from '~/console/Timestamp';
import { readAt } from '~/kubevirt/catalog/fieldAt';
import {
  clusterInstancetypes,
  namespaces,
  openshiftTemplates,
  projectInstancetypes,
} from '~/k8s/models';
import {
  type AnyTemplate,
  messageOf,
  objectsOf,
  parametersOf,
  type TemplateRow,
  templateFacts,
  vmOf,
} from '~/kubevirt/templates/templateRow';
import { CardTable } from '~/ui/CardTable';
import { DetailList } from '~/ui/DetailList';
import { ToneLabel } from '~/ui/ToneLabel';
import '~/ui/forms.css';

import { ObjectPage } from '../object/ObjectPage';
import { ObjectYamlTab } from '../object/ObjectYamlTab';
import { useTemplateUsers } from './templateUsers';
import { useTemplateActions } from './useTemplateActions';

interface Props {
  namespace?: string | undefined;
  name?: string | undefined;
}

/** The page of a template, of whichever kind. */
export function TemplateDetail(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const params = useParams();
  const { pathname } = useLocation();
  const kind = isPathOf(pathname, openshiftTemplates) ? 'Template' : 'VirtualMachineTemplate';
  const model = templateModel(kind);
  const namespace = props.namespace ?? params['ns'] ?? '';
  const name = props.name ?? params['name'] ?? '';
  const key = `${kind}/${namespace}/${name}`;
  const target = { ...{ key, namespace, name }, kind } as const;
  const users = useTemplateUsers();
  const { rightsOf, createVm, edit, menu } = useTemplateActions(namespace, users);
  return (
    <ObjectPage<AnyTemplate>
      key={key}
      {...{ model, namespace, name }}
      badge="T"
      listTitle={t('Templates')}
      kindTitle={t('Template')}
      labels={(template) =>
        templateFacts(kind, template).isDeprecated ? (
          <ToneLabel tone="warning" text={t('Deprecated')} />
        ) : null
      }
      buttons={() => (
        <Button onClick={() => createVm(target)}>{t('Create virtual machine')}</Button>
      )}
      actions={() => menu(target, () => void navigate(resourceListHref(model, namespace)))}
      tabs={[
        {
          ...{ id: '', title: t('Overview') },
          body: (template) => (
            <Overview
              template={template}
              row={templateFacts(kind, template)}
              users={users?.get(key)}
            />
          ),
        },
        {
          ...{ id: 'parameters', title: t('Parameters') },
          body: (template) => <Parameters template={template} />,
        },
        {
          ...{ id: 'yaml', title: t('YAML') },
          body: (template) => (
            <ObjectYamlTab
              object={template}
              editReason={rightsOf(kind).edit}
              onEdit={() => edit(target, 'yaml')}
            />
          ),
        },
      ]}
    />
  );
}

/** Without a kind the type is the cluster's, as for VMs. */
function instancetypeHref(template: AnyTemplate, { namespace, instancetype }: TemplateRow): string {
  const kind = readAt(vmOf(template), ['spec', 'instancetype', 'kind']);
  const isProject =
    typeof kind === 'string' && kind.toLowerCase() === projectInstancetypes.kind.toLowerCase();
  return isProject
    ? resourceHref(projectInstancetypes, { namespace, name: instancetype })
    : resourceHref(clusterInstancetypes, { name: instancetype });
}

interface OverviewProps {
  template: AnyTemplate;
  row: TemplateRow;
  users: readonly string[] | undefined;
}

function Overview({ template, row, users = [] }: OverviewProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const objects = objectsOf(template).map((object) => ({
    kind: text(readAt(object, ['kind'])),
    name: text(readAt(object, ['metadata', 'name'])),
  }));
  return (
    <div className="vd-filtered-table">
      <Card component="section" aria-labelledby="vd-template-details">
        <CardTitle component="h2" id="vd-template-details">
          {t('Details')}
        </CardTitle>
        <CardBody>
          <DetailList
            label={t('Details')}
            columns={3}
            details={[
              { term: t('Name'), value: template.metadata?.name },
              { term: t('Display name'), value: row.title },
              { term: t('Description'), value: row.description },
              {
                term: t('Project'),
                value: (
                  <ResourceLink
                    groupVersionKind={{ version: namespaces.version, kind: namespaces.kind }}
                    name={row.namespace}
                  />
                ),
              },
              { term: t('OS'), value: row.os },
              { term: t('Workload'), value: row.workload },
              { term: t('Vendor'), value: row.vendor },
              { term: t('Boot source'), value: row.source },
              {
                term: t('Instance type'),
                value: row.instancetype && (
                  <Link to={instancetypeHref(template, row)}>{row.instancetype}</Link>
                ),
              },
              { term: t('Message for users'), value: messageOf(template) },
              { term: t('Created'), value: <Timestamp timestamp={row.created} /> },
              {
                term: t('Used by'),
                value:
                  users.length === 0 ? (
                    ''
                  ) : (
                    <ul className="vd-names">
                      {users.map((key) => {
                        const [ns = '', vm = ''] = key.split('/');
                        return (
                          <li key={key}>
                            <Link to={vmHref({ namespace: ns, name: vm })}>{key}</Link>
                          </li>
                        );
                      })}
                    </ul>
                  ),
              },
            ]}
          />
        </CardBody>
      </Card>
      <CardTable
        id="vd-template-objects"
        title={t('What is created')}
        rows={objects}
        rowKey={({ kind, name }) => `${kind}/${name}`}
        emptyText={t('There are none here.')}
        columns={[
          { title: t('Kind'), width: 30, cell: ({ kind }) => kind },
          { title: t('Name'), cell: ({ name }) => name },
        ]}
      />
    </div>
  );
}

function Parameters({ template }: { template: AnyTemplate }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <CardTable
      id="vd-template-parameters"
      title={t('Parameters')}
      rows={parametersOf(template)}
      rowKey={({ name }) => name}
      emptyText={t('There are none here.')}
      columns={[
        { title: t('Name'), width: 20, cell: ({ name }) => name },
        { title: t('Display name'), cell: ({ displayName }) => displayName },
        { title: t('Description'), width: 30, cell: ({ description }) => description },
        {
          title: t('Value'),
          cell: ({ value, generate, from }) =>
            value ?? (generate ? t('Generated when empty: {{from}}', { from: from ?? '' }) : ''),
        },
        {
          title: t('Required'),
          isShort: true,
          cell: ({ required }) => (required ? t('Yes') : t('No')),
        },
      ]}
    />
  );
}
