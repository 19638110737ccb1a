import { useRef, useState } from 'react';

import { useLocation, useNavigate } from '~/console/navigation';

import { formatListState, parseListState, type VmListState } from './vmListState';

/**
 * Filters and sort order. They live here, so that typing is never behind, and are copied to the URL;
 * a URL that comes from elsewhere (Back, a link) is taken over.
 */
export function useVmListState(): [VmListState, (change: Partial<VmListState>) => void] {
  const { search } = useLocation();
  const navigate = useNavigate();
  const [state, setState] = useState(() => parseListState(search));
  const [seen, setSeen] = useState(search);
  const written = useRef(new Set<string>());

  if (search !== seen) {
    setSeen(search);
    if (!written.current.delete(search)) setState(parseListState(search));
  }

  const update = (change: Partial<VmListState>) => {
    const next = { ...state, ...change };
    setState(next);
    const url = formatListState(next, search);
    if (url === search) return;
    written.current.add(url);
    void navigate({ search: url }, { replace: true });
  };
  return [state, update];
}
