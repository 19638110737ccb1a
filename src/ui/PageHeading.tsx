import { Flex, PageSection, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** What there is on the page, in a sentence. */
  lead: string;
  /** The button or menu at its end. */
  action: ReactNode;
}

/** The head of a page that lists things. */
export function PageHeading({ title, lead, action }: Props) {
  return (
    <PageSection hasBodyWrapper={false}>
      <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
        <div>
          <Title headingLevel="h1">{title}</Title>
          <p className="vd-subtle">{lead}</p>
        </div>
        {action}
      </Flex>
    </PageSection>
  );
}
