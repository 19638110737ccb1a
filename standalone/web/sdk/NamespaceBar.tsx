import type { ReactNode } from 'react';
import { NamespaceSelect } from './NamespaceSelect.tsx';
import { useActiveNamespace } from './useActiveNamespace.ts';
import './sdk.css';

export interface NamespaceBarProps {
  onNamespaceChange?: (namespace: string) => void;
  isDisabled?: boolean;
  /** Shown at the end of the bar. */
  children?: ReactNode;
}

/** The bar on top of a page in which the project is chosen. */
export function NamespaceBar({
  onNamespaceChange,
  isDisabled = false,
  children,
}: NamespaceBarProps) {
  const [namespace, setNamespace] = useActiveNamespace();
  return (
    <div className="vc-namespace-bar">
      <NamespaceSelect
        selected={namespace}
        isDisabled={isDisabled}
        onSelect={(next) => {
          onNamespaceChange?.(next);
          setNamespace(next);
        }}
      />
      {children ? <div className="vc-namespace-bar__end">{children}</div> : null}
    </div>
  );
}
