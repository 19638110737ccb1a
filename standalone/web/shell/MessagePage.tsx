import {
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
} from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';

/** A page that has one thing to say, and what to do about it. */
export function MessagePage({
  title,
  icon,
  status,
  children,
  actions,
}: {
  title: string;
  icon?: ComponentType;
  status?: 'danger' | 'warning' | 'info';
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <PageSection isFilled>
      <EmptyState
        titleText={title}
        headingLevel="h1"
        {...(icon === undefined ? {} : { icon })}
        {...(status === undefined ? {} : { status })}
      >
        {children ? <EmptyStateBody>{children}</EmptyStateBody> : null}
        {actions ? (
          <EmptyStateFooter>
            <EmptyStateActions>{actions}</EmptyStateActions>
          </EmptyStateFooter>
        ) : null}
      </EmptyState>
    </PageSection>
  );
}
