import { useLocation } from '~/console/navigation';

/** The tab that the address names by its last part; '' for the first, when it ends with the name of the object. */
export function useDetailTab<T extends string>(tabs: readonly T[], name: string): T | '' {
  const { pathname } = useLocation();
  const last = decodeURIComponent(pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
  return last === name ? '' : (tabs.find((tab) => tab === last) ?? '');
}
