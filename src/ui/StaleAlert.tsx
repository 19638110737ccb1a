import { Alert } from '@patternfly/react-core';

interface Props {
  title: string;
  detail: string;
}

/** Above what was loaded once and may have changed since. */
export function StaleAlert({ title, detail }: Props) {
  return (
    <Alert isInline component="h2" variant="warning" title={title}>
      {detail}
    </Alert>
  );
}
