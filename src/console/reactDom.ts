import type { Key, ReactNode, ReactPortal } from 'react';

/**
 * Stands for `react-dom` in the bundle. Consoles share react with plugins, but not react-dom; a
 * second copy costs 40 kB and is of React 18, also where the console has React 17. PatternFly takes
 * no more than `createPortal` from it, which only describes a portal (the same in React 17 to 19,
 * packages/react-reconciler/src/ReactPortal.js); the console's react-dom then renders it. webpack
 * fails when a library wants anything else.
 */
export function createPortal(
  children: ReactNode,
  containerInfo: Element | DocumentFragment,
  key: Key | null = null,
): ReactPortal {
  const portal = {
    $$typeof: Symbol.for('react.portal'),
    key: key === null ? null : `${key}`,
    children,
    containerInfo,
    implementation: null,
  };
  // React's types describe a portal as an element, which it is not.
  return portal as unknown as ReactPortal;
}

/** Without the console's react-dom nothing can be flushed at once; React renders it soon after. */
export function flushSync<T>(run: () => T): T {
  return run();
}
