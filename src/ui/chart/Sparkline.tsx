import './chart.css';

interface Props {
  /** Pairs of a time and a value, in order; NaN is left out. */
  points: readonly (readonly [number, number])[];
}

/** Units of the drawing; it is stretched to its place. */
const WIDTH = 100;
const HEIGHT = 30;

/** A line without axes, for a glance; what it says stands beside it as text. */
export function Sparkline({ points }: Props) {
  const known = points.filter(([, value]) => Number.isFinite(value));
  const from = known[0]?.[0] ?? 0;
  const to = known.at(-1)?.[0] ?? 0;
  const most = Math.max(0, ...known.map(([, value]) => value)) * 1.1 || 1;
  const places = known.map(([time, value]) => {
    const x = ((time - from) / (to - from || 1)) * WIDTH;
    return { x: x.toFixed(2), y: (HEIGHT * (1 - value / most)).toFixed(2) };
  });
  const line = places.map(({ x, y }) => `${x},${y}`).join(' ');
  const [first, last] = [places[0], places.at(-1)];
  return (
    <svg
      className="vd-chart vd-sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      {first && last ? (
        <polygon
          className="vd-sparkline-area"
          points={`${first.x},${HEIGHT} ${line} ${last.x},${HEIGHT}`}
        />
      ) : null}
      <polyline className="vd-sparkline-line" points={line} />
    </svg>
  );
}
