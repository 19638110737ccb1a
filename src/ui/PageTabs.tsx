import { PageSection, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  /** What the tabs are about. */
  label: string;
  tabs: readonly { id: string; title: string }[];
  /** Of the tab that is shown. */
  current: string;
  onChange: (id: string) => void;
  /** What the current tab shows. */
  children: ReactNode;
}

/** The tabs of a page. Where not all of them fit, the current one is brought into view. */
export function PageTabs({ label, tabs, current, onChange, children }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = bar.current?.querySelector('[aria-selected="true"]');
    // In the middle: the buttons that PatternFly adds at both ends afterwards take room of their own.
    tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <>
      <PageSection hasBodyWrapper={false} type="tabs">
        <div ref={bar}>
          <Tabs
            aria-label={label}
            activeKey={current}
            usePageInsets
            onSelect={(_event, key) => onChange(String(key))}
          >
            {tabs.map(({ id, title }) => (
              <Tab
                key={id}
                eventKey={id}
                tabContentId={`vd-tab-${id}`}
                title={<TabTitleText>{title}</TabTitleText>}
              />
            ))}
          </Tabs>
        </div>
      </PageSection>
      <PageSection
        hasBodyWrapper={false}
        isFilled
        id={`vd-tab-${current}`}
        role="tabpanel"
        aria-label={tabs.find(({ id }) => id === current)?.title ?? ''}
      >
        {children}
      </PageSection>
    </>
  );
}
