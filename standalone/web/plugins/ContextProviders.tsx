import {
  type LoadedAndResolvedExtension,
  useExtensions,
  useResolvedExtensions,
} from '@openshift/dynamic-plugin-sdk';
import type { ReactNode } from 'react';
import { type ContextProvider, isContextProvider } from './extensions.ts';

function Provided({
  extension,
  children,
}: {
  extension: LoadedAndResolvedExtension<ContextProvider>;
  children: ReactNode;
}) {
  const { provider: Provider, useValueHook } = extension.properties;
  return <Provider value={useValueHook()}>{children}</Provider>;
}

/** Wraps the pages in the contexts that plugins bring (console.context-provider). */
export function ContextProviders({ children }: { children: ReactNode }) {
  const extensions = useExtensions(isContextProvider);
  const [resolved, isResolved, errors] = useResolvedExtensions(extensions);
  if (errors.length > 0) throw errors[0];
  // Pages must not mount twice, once without and once with their contexts.
  if (!isResolved && extensions.length > 0) return null;
  return resolved.reduceRight<ReactNode>(
    (inner, extension) => (
      <Provided key={extension.uid} extension={extension}>
        {inner}
      </Provided>
    ),
    children,
  );
}
