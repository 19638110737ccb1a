import {
  Breadcrumb,
  BreadcrumbItem,
  Button,
  Flex,
  PageSection,
  Title,
} from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchObject } from '~/api/useWatch';
import { useLoadFailure } from '~/api/useLoadFailure';
import { useStaleText } from '~/api/useStaleText';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import {
  Link,
  resourceHref,
  resourceListHref,
  useLocation,
  useNavigate,
} from '~/console/navigation';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import type { Model } from '~/k8s/models';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import { DialogHost } from '~/ui/DialogHost';
import { EmptyPage } from '~/ui/EmptyPage';
import { ErrorState } from '~/ui/ErrorState';
import { KindBadge } from '~/ui/KindBadge';
import { LoadingState } from '~/ui/LoadingState';
import { PageTabs } from '~/ui/PageTabs';
import { ToastHost } from '~/ui/ToastHost';
import { StaleAlert } from '~/ui/StaleAlert';

export interface ObjectTab<T> {
  /** As in the URL; '' for the first. */
  id: string;
  title: string;
  body: (object: T) => ReactNode;
}

interface Props<T extends KubernetesObject> {
  model: Model;
  /** Undefined for cluster-scoped kinds. */
  namespace: string | undefined;
  name: string;
  badge: string;
  /** Of the list that the way back leads to. */
  listTitle: string;
  kindTitle: string;
  tabs: readonly ObjectTab<T>[];
  /** Beside the name. */
  labels?: (object: T) => ReactNode;
  buttons?: (object: T) => ReactNode;
  /** Called while the menu is open. */
  actions: (object: T) => readonly MenuAction[];
}

/** The page of one object, in every state it can be in. */
export function ObjectPage<T extends KubernetesObject>(props: Props<T>) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { model, namespace, name, listTitle } = props;
  const watched = useWatchObject<T>({ model, namespace, name });
  const loadFailure = useLoadFailure();
  const staleText = useStaleText();
  const [wasThere, setWasThere] = useState(false);
  if (!wasThere && watched.state === 'ready' && watched.data) setWasThere(true);
  const listHref = resourceListHref(model, namespace);
  return (
    <>
      <DocumentTitle>{`${name} · ${props.kindTitle}`}</DocumentTitle>
      {model.namespaced ? (
        <NamespaceBar
          onNamespaceChange={(next: string) =>
            void navigate(resourceListHref(model, namespaceScope(next)))
          }
        />
      ) : null}
      {watched.state === 'loading' ? (
        <PageSection hasBodyWrapper={false}>
          <LoadingState label={t('Loading {{name}}', { name })} />
        </PageSection>
      ) : watched.state === 'error' ? (
        <ErrorState {...loadFailure(watched.error, name)} onRetry={() => watched.retry()} />
      ) : watched.data ? (
        <>
          {watched.stale ? <StaleAlert {...staleText(watched.stale)} /> : null}
          <Body {...props} object={watched.data} listHref={listHref} />
        </>
      ) : (
        <EmptyPage
          headingLevel="h1"
          title={
            wasThere ? t('{{name}} was deleted', { name }) : t('There is no {{name}}', { name })
          }
          body={
            wasThere
              ? t('It was deleted while this page was open.')
              : t('It may have been deleted, or never have been there.')
          }
          action={
            <Button onClick={() => void navigate(listHref)}>
              {t('To {{list}}', { list: listTitle })}
            </Button>
          }
        />
      )}
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

type BodyProps<T extends KubernetesObject> = Props<T> & { object: T; listHref: string };

function Body<T extends KubernetesObject>(props: BodyProps<T>) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { model, namespace, name, object, tabs, listHref } = props;
  const last = decodeURIComponent(pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
  const tab = (last === name ? undefined : tabs.find(({ id }) => id === last)) ?? tabs[0];
  return (
    <>
      <PageSection hasBodyWrapper={false}>
        <Breadcrumb>
          <BreadcrumbItem>
            <Link to={listHref}>{props.listTitle}</Link>
          </BreadcrumbItem>
          <BreadcrumbItem isActive>
            <span className="vd-server-text">{name}</span>
          </BreadcrumbItem>
        </Breadcrumb>
        <Flex
          justifyContent={{ default: 'justifyContentSpaceBetween' }}
          alignItems={{ default: 'alignItemsCenter' }}
        >
          <Flex alignItems={{ default: 'alignItemsCenter' }} columnGap={{ default: 'columnGapSm' }}>
            <KindBadge text={props.badge} title={model.kind} />
            <Title headingLevel="h1" className="vd-server-text">
              {name}
            </Title>
            {props.labels?.(object)}
          </Flex>
          <Flex columnGap={{ default: 'columnGapSm' }}>
            {props.buttons?.(object)}
            <ActionMenu label={t('Actions for {{name}}', { name })} text={t('Actions')}>
              {(items) => items(props.actions(object))}
            </ActionMenu>
          </Flex>
        </Flex>
      </PageSection>
      <PageTabs
        label={t('About {{name}}', { name })}
        tabs={tabs}
        current={tab?.id ?? ''}
        onChange={(id) =>
          void navigate(resourceHref(model, { namespace, name }, id === '' ? undefined : id))
        }
      >
        {tab?.body(object)}
      </PageTabs>
    </>
  );
}
