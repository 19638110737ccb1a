import {
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';

interface Props {
  title: string;
  body: ReactNode;
  icon?: ComponentType;
  status?: 'danger' | 'warning' | 'info';
  headingLevel?: 'h1' | 'h2' | 'h3';
  /** The primary button. */
  action?: ReactNode;
  /** Links and lesser buttons below it. */
  moreActions?: ReactNode;
}

/** Nothing to show: says why, and what to do. */
export function EmptyPage(props: Props) {
  return (
    <EmptyState
      headingLevel={props.headingLevel ?? 'h2'}
      titleText={props.title}
      {...(props.icon ? { icon: props.icon } : {})}
      {...(props.status ? { status: props.status } : {})}
    >
      <EmptyStateBody>{props.body}</EmptyStateBody>
      {props.action || props.moreActions ? (
        <EmptyStateFooter>
          {props.action ? <EmptyStateActions>{props.action}</EmptyStateActions> : null}
          {props.moreActions ? <EmptyStateActions>{props.moreActions}</EmptyStateActions> : null}
        </EmptyStateFooter>
      ) : null}
    </EmptyState>
  );
}
