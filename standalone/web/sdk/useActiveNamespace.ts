import { useContext } from 'react';
import { ActiveNamespaceContext } from '../shell/ActiveNamespaceProvider.tsx';

/** `[namespace, setNamespace]`; all namespaces are `#ALL_NS#`. Setting it goes to its pages. */
export function useActiveNamespace(): [string, (namespace: string) => void] {
  return useContext(ActiveNamespaceContext);
}
