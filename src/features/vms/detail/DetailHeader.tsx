import { Breadcrumb, BreadcrumbItem, Flex, PageSection, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';

import { Link } from '~/console/navigation';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { KindBadge } from '~/ui/KindBadge';

import { VmStatusLabel } from '../VmStatusLabel';

interface Props {
  list: { title: string; href: string };
  badge: { text: string; title: string };
  row: VmListRow;
  /** Buttons and menu. */
  children: ReactNode;
}

/** Whose page it is, how it is, and what can be done. */
export function DetailHeader({ list, badge, row, children }: Props) {
  return (
    <PageSection hasBodyWrapper={false}>
      <Breadcrumb>
        <BreadcrumbItem>
          <Link to={list.href}>{list.title}</Link>
        </BreadcrumbItem>
        <BreadcrumbItem isActive>
          <span className="vd-server-text">{row.name}</span>
        </BreadcrumbItem>
      </Breadcrumb>
      <Flex
        className="vd-detail-header"
        justifyContent={{ default: 'justifyContentSpaceBetween' }}
        alignItems={{ default: 'alignItemsCenter' }}
      >
        <Flex alignItems={{ default: 'alignItemsCenter' }}>
          <KindBadge {...badge} />
          <Title headingLevel="h1">{row.name}</Title>
          <VmStatusLabel status={row.status} problem={row.problem} />
        </Flex>
        <Flex
          columnGap={{ default: 'columnGapXs', md: 'columnGapSm' }}
          rowGap={{ default: 'rowGapXs' }}
        >
          {children}
        </Flex>
      </Flex>
    </PageSection>
  );
}
