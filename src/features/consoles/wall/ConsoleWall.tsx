import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { useFillHeight } from '~/ui/useFillHeight';
import { ScreenTile } from './ScreenTile';
import './wall.css';

/** CSS pixels: the least width of a tile, what is between tiles, and the height of the text below a screen. */
const tileWidth = 240;
const narrowTileWidth = 150;
const gap = 16;
const textHeight = 60;
/** Height of a screen by its width. */
const shape = 5 / 8;

/** The screens of many virtual machines, in pictures: those in sight only, a few at a time. */
export function ConsoleWall({
  rows,
  showsProjects,
}: {
  rows: readonly VmListRow[];
  showsProjects: boolean;
}) {
  const { t } = useTranslation('plugin__virtdeck');
  const scroller = useRef<HTMLDivElement>(null);
  useFillHeight(scroller);
  const width = useWidth(scroller);
  const least = width < 600 ? narrowTileWidth : tileWidth;
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const tile = (width - gap * (columns - 1)) / columns;
  const lineHeight = Math.round(tile * shape + textHeight + gap);
  const lines = useVirtualizer({
    count: Math.ceil(rows.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 0,
  });
  // The virtualizer asks for heights once.
  useEffect(() => lines.measure(), [lines, lineHeight]);

  return (
    <div ref={scroller} className="vd-wall">
      <ul
        className="vd-wall__tiles"
        aria-label={t('Screens')}
        style={{ height: lines.getTotalSize() }}
      >
        {width === 0
          ? null
          : lines.getVirtualItems().flatMap(({ index: line, start }) =>
              rows.slice(line * columns, (line + 1) * columns).map((row, column) => (
                <li
                  key={row.key}
                  className="vd-wall__tile"
                  aria-setsize={rows.length}
                  aria-posinset={line * columns + column + 1}
                  style={{
                    width: tile,
                    height: lineHeight - gap,
                    transform: `translate(${Math.round(column * (tile + gap))}px, ${start}px)`,
                  }}
                >
                  <ScreenTile row={row} showsProject={showsProjects} />
                </li>
              )),
            )}
      </ul>
    </div>
  );
}

function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  // ResizeObserver: the page may be of any width.
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
