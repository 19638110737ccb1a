import ArrowsAltVIcon from '@patternfly/react-icons/dist/esm/icons/arrows-alt-v-icon';
import LongArrowAltDownIcon from '@patternfly/react-icons/dist/esm/icons/long-arrow-alt-down-icon';
import LongArrowAltUpIcon from '@patternfly/react-icons/dist/esm/icons/long-arrow-alt-up-icon';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';

export interface Sort {
  column: string;
  direction: 'asc' | 'desc';
}

interface Props {
  id: string;
  title: string;
  /** CSS pixels. */
  width: number;
  /** It has the room that the others leave. */
  grows: boolean;
  /** Undefined for a column that cannot be sorted. */
  onSort: ((sort: Sort) => void) | undefined;
  sort: Sort;
  resizeLabel: string;
  /** Undefined for a column of fixed width. */
  onResize: ((width: number) => void) | undefined;
  onResizeEnd: () => void;
}

const LEAST = 64;
const STEP = 16;

const ARROWS = { none: ArrowsAltVIcon, asc: LongArrowAltUpIcon, desc: LongArrowAltDownIcon };
const ARIA = { none: 'none', asc: 'ascending', desc: 'descending' } as const;

/** Heading of a column: sorts, and is made wider or narrower at its edge or with the arrow keys. */
export function HeaderCell(props: Props) {
  const { id, title, width, grows, sort, onSort, onResize } = props;
  const state = sort.column === id ? sort.direction : 'none';
  const Arrow = ARROWS[state];
  return (
    <th
      scope="col"
      className={`pf-v6-c-table__th vd-th ${onSort ? 'pf-v6-c-table__sort' : ''} ${state === 'none' ? '' : 'pf-m-selected'}`}
      style={grows ? {} : { width }}
      {...(onSort ? { 'aria-sort': ARIA[state] } : {})}
    >
      {onSort ? (
        <button
          type="button"
          className="pf-v6-c-table__button"
          onClick={() => onSort({ column: id, direction: state === 'asc' ? 'desc' : 'asc' })}
        >
          <HeaderText title={title}>
            <span className="pf-v6-c-table__sort-indicator">
              <Arrow />
            </span>
          </HeaderText>
        </button>
      ) : (
        <HeaderText title={title} />
      )}
      {onResize ? <Resizer {...props} onResize={onResize} /> : null}
    </th>
  );
}

function HeaderText({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <span className="pf-v6-c-table__button-content">
      <span className="pf-v6-c-table__text" title={title}>
        {title}
      </span>
      {children}
    </span>
  );
}

type ResizerProps = Props & { onResize: (width: number) => void };

function Resizer({ width, resizeLabel, onResize, onResizeEnd }: ResizerProps) {
  const from = useRef<{ x: number; width: number }>();
  const onPointerDown = (event: PointerEvent<HTMLSpanElement>) => {
    const cell = event.currentTarget.parentElement;
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, width: cell.getBoundingClientRect().width };
  };
  const onPointerMove = (event: PointerEvent) => {
    const start = from.current;
    if (start) onResize(Math.max(LEAST, Math.round(start.width + event.clientX - start.x)));
  };
  const end = () => {
    if (from.current) onResizeEnd();
    from.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? STEP : event.key === 'ArrowLeft' ? -STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    onResize(Math.max(LEAST, width + step));
    onResizeEnd();
  };
  return (
    // A separator that can be moved is a widget: WAI-ARIA, window splitter.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={resizeLabel}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="vd-resizer"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={onKeyDown}
    />
  );
}
