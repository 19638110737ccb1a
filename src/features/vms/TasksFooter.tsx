import { lazy, Suspense } from 'react';

// A feature does not import another, but tasks belong on each page that begins them.
const RecentTasks = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths
  import('../tasks/RecentTasks').then((module) => ({ default: module.RecentTasks })),
);

/** The bar of recent tasks; undefined for those of all projects. */
export function TasksFooter({ namespace }: { namespace: string | undefined }) {
  return (
    <Suspense fallback={null}>
      <RecentTasks namespace={namespace} />
    </Suspense>
  );
}
