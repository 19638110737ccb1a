import {
  type Extension,
  type ExtensionPredicate,
  useExtensions,
  useResolvedExtensions as useResolved,
  type UseResolvedExtensionsResult,
} from '@openshift/dynamic-plugin-sdk';
import { useState } from 'react';

/** Extensions of the given types with their code loaded: `[extensions, resolved, errors]`. */
export function useResolvedExtensions<E extends Extension>(
  ...guards: ExtensionPredicate<E>[]
): UseResolvedExtensionsResult<E> {
  // A predicate that changes with each render would render for ever; guards do not change.
  const [predicate] = useState(
    () =>
      (extension: Extension): extension is E =>
        guards.some((guard) => guard(extension)),
  );
  return useResolved(useExtensions(predicate));
}
