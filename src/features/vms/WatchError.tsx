import { useLoadFailure } from '~/api/useLoadFailure';
import type { Failure } from '~/k8s/errors';
import { ErrorState } from '~/ui/ErrorState';

interface Props {
  failure: Failure;
  /** What could not be loaded, as a noun: `Virtual machines`. */
  what: string;
  onRetry: () => void;
}

/** Something that is watched could not be loaded. */
export function WatchError({ failure, what, onRetry }: Props) {
  const loadFailure = useLoadFailure();
  return <ErrorState {...loadFailure(failure, what)} onRetry={onRetry} />;
}
