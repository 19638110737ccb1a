import { useExtensions } from '@openshift/dynamic-plugin-sdk';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { toReference } from '../k8s/Discovery.ts';
import { isResourcePage } from '../plugins/extensions.ts';
import { groupVersionKindOf, type KindProps } from './kinds.ts';
import { ResourceIcon } from './ResourceIcon.tsx';

export interface ResourceLinkProps extends KindProps {
  name?: string;
  namespace?: string;
  displayName?: string;
  title?: string;
  className?: string;
  /** In a line of text rather than a block of its own. */
  inline?: boolean;
  /** Default true; a link is made only to kinds that some plugin has a page for. */
  linkTo?: boolean;
  hideIcon?: boolean;
  truncate?: boolean;
  nameSuffix?: ReactNode;
  dataTest?: string;
  onClick?: () => void;
  children?: ReactNode;
}

/** Badge and name of an object, a link where this console has a page for its kind. */
export function ResourceLink(props: ResourceLinkProps) {
  const { name, namespace, displayName, title, className, inline, linkTo = true } = props;
  const { hideIcon, truncate, nameSuffix, dataTest, onClick, children } = props;
  const groupVersionKind = groupVersionKindOf(props);
  const pages = useExtensions(isResourcePage);
  const hasPage = pages.some(
    ({ type, properties: { model } }) =>
      type === 'console.page/resource/details' &&
      model.kind === groupVersionKind.kind &&
      (model.group ?? '') === (groupVersionKind.group ?? ''),
  );
  const text = displayName ?? name ?? '';
  const scope = namespace ? `ns/${encodeURIComponent(namespace)}` : 'cluster';
  const classes = [
    'vc-resource-link',
    inline ? 'vc-resource-link--inline' : '',
    truncate ? 'vc-resource-link--truncate' : '',
    className ?? '',
  ];
  return (
    <span className={classes.filter(Boolean).join(' ')}>
      {hideIcon ? null : <ResourceIcon groupVersionKind={groupVersionKind} />}
      {hasPage && linkTo && name ? (
        <Link
          to={`/k8s/${scope}/${toReference(groupVersionKind)}/${encodeURIComponent(name)}`}
          title={title ?? text}
          className="vc-resource-link__name"
          {...(dataTest === undefined ? {} : { 'data-test': dataTest })}
          {...(onClick === undefined ? {} : { onClick })}
        >
          {text}
          {nameSuffix}
        </Link>
      ) : (
        <span
          className="vc-resource-link__name"
          title={title ?? text}
          {...(dataTest === undefined ? {} : { 'data-test': dataTest })}
        >
          {text}
          {nameSuffix}
        </span>
      )}
      {children}
    </span>
  );
}
