import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type FocusEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { afterPaint } from './afterPaint';

/** What stands in the table's body, from the top: a row, or the height of rows left out. */
type Piece = { kind: 'row'; index: number } | { kind: 'gap'; key: string; height: number };

interface VirtualRows {
  pieces: readonly Piece[];
  /** Index of the one row that the Tab key reaches. */
  tabStop: number;
  /** To be set on each row while their heights differ. */
  measure: ((element: HTMLTableRowElement | null) => void) | undefined;
  pageSize: () => number;
  focusRow: (index: number) => void;
  onFocus: (event: FocusEvent<HTMLTableSectionElement>) => void;
}

interface Options {
  body: RefObject<HTMLTableSectionElement>;
  count: number;
  /** Row height in CSS pixels before a row has been measured. */
  estimate: number;
  /** Changes when rows may be of another height: where they are equally high one is measured anew. */
  shape: unknown;
  /** Changes when what stands above the rows may have changed. Matters where the page scrolls alone. */
  around: unknown;
}

/** So high is what is drawn at first, in CSS pixels: what lies below is drawn once that is on the screen. */
const FIRST_HEIGHT = 400;

/** Rows kept outside of the screen on either side, so that scrolling does not show gaps. */
const OVERSCAN = 6;

/** The element that scrolls the table: in every host this is a part of the page, not the window. */
function scrollParent(element: Element): HTMLElement | null {
  for (let at = element.parentElement; at; at = at.parentElement) {
    const { overflowY } = getComputedStyle(at);
    if (overflowY === 'auto' || overflowY === 'scroll') return at;
  }
  return document.documentElement;
}

/**
 * From this width on rows are one line each and equally high; below, PatternFly stacks the cells of
 * a row (its grid-md breakpoint) and each row is measured.
 */
const WIDE = '(min-width: 768px)';

function isWide(): boolean {
  return window.matchMedia(WIDE).matches;
}

function wideSubscribe(listener: () => void): () => void {
  const query = window.matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Which rows are to be drawn, and where the focus is. */
export function useVirtualRows({ body, count, estimate, shape, around }: Options): VirtualRows {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const [active, setActive] = useState(0);
  const [rowHeight, setRowHeight] = useState(estimate);
  const [width, setWidth] = useState(0);
  const isUniform = useSyncExternalStore(wideSubscribe, isWide, isWide);
  const [isBegun, setBegun] = useState(false);
  const pendingFocus = useRef<number>();
  const tabStop = Math.max(0, Math.min(active, count - 1));

  const virtualizer = useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count,
    getScrollElement: () => (isBegun ? scroller : null),
    estimateSize: () => rowHeight,
    overscan: isBegun ? OVERSCAN : 0,
    scrollMargin,
    initialRect: { width: 0, height: FIRST_HEIGHT },
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        // The row with the focus stays in the document, else the focus would be lost.
        if (tabStop < range.count && !shown.includes(tabStop)) shown.push(tabStop);
        return shown.sort((a, b) => a - b);
      },
      [tabStop],
    ),
  });

  // Paint: the rest of the rows, and all that is asked of the layout, are a task of their own, so that the page
  // answers in between.
  useEffect(() => afterPaint(() => setBegun(true)), []);

  // Layout: the table scrolls by itself where it is wide, with the page where it is narrow.
  useLayoutEffect(() => setScroller(null), [isUniform]);

  // Only a heading stands above rows that scroll by themselves. What is drawn anew at each change of
  // a row must not lead to a question about the layout, which is most of what such a change costs.
  const above = isUniform ? shape : around;
  const hasRows = count > 0;

  // Layout: where the body stands inside what scrolls. Not while it scrolls: to ask makes the browser
  // lay out at once what it would lay out later.
  useLayoutEffect(() => {
    if (!body.current || !isBegun) return;
    const parent = scroller ?? scrollParent(body.current);
    if (parent && parent !== scroller) setScroller(parent);
    if (!parent) return;
    const margin = Math.round(
      body.current.getBoundingClientRect().top -
        parent.getBoundingClientRect().top +
        parent.scrollTop,
    );
    if (margin !== scrollMargin) setScrollMargin(margin);
    const height = isUniform ? body.current.querySelector('tr[data-index]')?.clientHeight : 0;
    if (height && Math.abs(height - rowHeight) > 1) {
      setRowHeight(height);
      virtualizer.measure();
    }
  }, [
    body,
    above,
    hasRows,
    width,
    scroller,
    scrollMargin,
    isUniform,
    isBegun,
    rowHeight,
    virtualizer,
  ]);

  // ResizeObserver: a narrower page breaks the lines above the table.
  useEffect(() => {
    if (!scroller) return;
    const observer = new ResizeObserver(() => setWidth(scroller.clientWidth));
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scroller]);

  // DOM focus: a row that was out of sight gets it when it has been drawn.
  useEffect(() => {
    const index = pendingFocus.current;
    if (index === undefined) return;
    const row = body.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`);
    if (!row) return;
    pendingFocus.current = undefined;
    row.focus({ preventScroll: true });
  });

  const items = virtualizer.getVirtualItems();
  const pieces: Piece[] = [];
  let end = scrollMargin;
  for (const item of items) {
    if (item.start > end) {
      pieces.push({ kind: 'gap', key: `gap-${item.index}`, height: item.start - end });
    }
    pieces.push({ kind: 'row', index: item.index });
    end = item.end;
  }
  const rest = virtualizer.getTotalSize() + scrollMargin - end;
  if (rest > 0) pieces.push({ kind: 'gap', key: 'gap-end', height: rest });

  return {
    pieces,
    tabStop,
    measure: isUniform ? undefined : virtualizer.measureElement,
    pageSize: () => Math.max(1, Math.floor((scroller?.clientHeight ?? 900) / rowHeight) - 2),
    focusRow: (index) => {
      pendingFocus.current = index;
      setActive(index);
      virtualizer.scrollToIndex(index, { align: 'auto' });
    },
    onFocus: (event) => {
      const index = event.target.closest('tr')?.getAttribute('data-index');
      if (index != null) setActive(Number(index));
    },
  };
}
