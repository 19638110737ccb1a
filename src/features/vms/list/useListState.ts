import { useEffect, useRef, useState } from 'react';

import { useLocation, useNavigate } from '~/console/navigation';

import { formatListState, type ListState, parseListState } from './listState';

/** While somebody types the URL waits: the host draws itself anew at each of its changes. */
const URL_WAITS_MS = 300;

/**
 * Search, filters and sort order. They live here, so that typing is never behind, and are copied to
 * the URL; a URL that comes from elsewhere (Back, a link) is taken over.
 */
export function useListState(): [ListState, (change: Partial<ListState>) => void] {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const [state, setState] = useState(() => parseListState(search));
  const [seen, setSeen] = useState(search);
  const written = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>();

  if (search !== seen) {
    setSeen(search);
    if (!written.current.delete(search)) setState(parseListState(search));
  }

  // Timer: what waits is not written once the list has been left.
  useEffect(() => () => clearTimeout(timer.current), []);

  const update = (change: Partial<ListState>) => {
    const next = { ...state, ...change };
    setState(next);
    clearTimeout(timer.current);
    const write = () => {
      // A page that is still loading: the list is left already, and must not be gone back to.
      if (!window.location.pathname.endsWith(pathname)) return;
      const url = formatListState(next, search);
      if (url === search) return;
      written.current.add(url);
      void navigate({ search: url }, { replace: true });
    };
    const isTyping = Object.keys(change).length === 1 && change.text !== undefined;
    if (isTyping) timer.current = setTimeout(write, URL_WAITS_MS);
    else write();
  };
  return [state, update];
}
