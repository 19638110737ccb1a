import type { CodeRef } from '@openshift/dynamic-plugin-sdk';
import { type ComponentType, lazy, Suspense } from 'react';
import { PageLoading } from '../shell/PageLoading.tsx';

// One lazy component per code reference: a new one on each render would mount the page anew.
const lazyComponents = new WeakMap<object, ComponentType<never>>();

function lazyComponent<Props>(ref: CodeRef<ComponentType<Props>>): ComponentType<Props> {
  const known = lazyComponents.get(ref);
  // The map's value type cannot depend on its key; what is stored under `ref` came from it.
  if (known) return known as ComponentType<Props>;
  const load = async () => ({ default: (await ref()) as ComponentType<unknown> });
  const made = lazy(load) as ComponentType<Props>;
  lazyComponents.set(ref, made as ComponentType<never>);
  return made;
}

/** Shows a component of a plugin; its code is loaded with the first showing. */
export function CodeRefView<Props extends object>({
  component,
  props,
}: {
  component: CodeRef<ComponentType<Props>>;
  props: Props;
}) {
  const Component = lazyComponent(component);
  return (
    <Suspense fallback={<PageLoading />}>
      <Component {...props} />
    </Suspense>
  );
}
