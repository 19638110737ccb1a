import { Button, CodeBlock, CodeBlockCode, ExpandableSection } from '@patternfly/react-core';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from './MessagePage.tsx';

interface Failure {
  error: Error;
  componentStack: string;
}

interface Props {
  /** Another address gets another chance. */
  address: string;
  children: ReactNode;
}

interface State {
  failure?: Failure | undefined;
}

/** Shows what went wrong in place of a page that failed; masthead and navigation stay. */
export class PageErrorBoundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): { failure: Failure } {
    const shown = error instanceof Error ? error : new Error(String(error));
    return { failure: { error: shown, componentStack: '' } };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    this.setState({ failure: { error, componentStack: componentStack ?? '' } });
  }

  override componentDidUpdate({ address }: Props): void {
    if (address !== this.props.address && this.state.failure) this.setState({ failure: undefined });
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? <PageFailure {...failure} /> : this.props.children;
  }
}

function PageFailure({ error, componentStack }: Failure) {
  const { t } = useTranslation('console');
  return (
    <MessagePage
      title={t('This page failed')}
      status="danger"
      actions={<Button onClick={() => window.location.reload()}>{t('Reload')}</Button>}
    >
      <p>{error.message}</p>
      <ExpandableSection toggleText={t('Details')}>
        <CodeBlock>
          <CodeBlockCode className="vc-left">
            {[error.stack ?? error.message, componentStack].join('\n')}
          </CodeBlockCode>
        </CodeBlock>
      </ExpandableSection>
    </MessagePage>
  );
}
