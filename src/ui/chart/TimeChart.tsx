import { useEffect, useRef, useState } from 'react';

import './chart.css';
import { chartColor } from './chartColors';
import { LineChart, type LineChartData, type LineChartOptions } from './LineChart';

interface Props extends LineChartData, Omit<LineChartOptions, 'onPoint'> {
  /** What the chart shows: its name for screen readers. */
  label: string;
  /** Of the crosshair's place. */
  formatTime: (unixSeconds: number) => string;
}

/** The last value that a line has. */
function lastOf(values: readonly (number | null)[] | undefined): number | null {
  return values?.findLast((value) => value !== null) ?? null;
}

/**
 * Lines over time with a legend that says the values at the crosshair, else the last ones. Dragging
 * over a part zooms into it. `lines`, `format` and `onZoom` are memoised.
 */
export function TimeChart(props: Props) {
  const { lines, isBinary, format, locale, group, onZoom, times, values, from, to } = props;
  const plot = useRef<HTMLDivElement>(null);
  const chart = useRef<LineChart>();
  const [point, setPoint] = useState<number>();

  // Canvas: made anew when its lines are others.
  useEffect(() => {
    if (!plot.current) return undefined;
    const made = new LineChart(plot.current, {
      ...{ lines, isBinary, format, locale, group, onZoom },
      onPoint: setPoint,
    });
    chart.current = made;
    return () => {
      made.close();
      chart.current = undefined;
    };
  }, [lines, isBinary, format, locale, group, onZoom]);

  // Canvas: after the one above, which may have made it.
  useEffect(() => {
    chart.current?.show({ times, values, from, to });
  }, [lines, isBinary, format, locale, group, onZoom, times, values, from, to]);

  const time = point === undefined ? undefined : times[point];
  const shown = lines.map((name, index) => {
    const value = point === undefined ? lastOf(values[index]) : (values[index]?.[point] ?? null);
    return { name, text: value === null ? '–' : format(value) };
  });
  return (
    <div className="vd-chart">
      <ul className="vd-chart-legend">
        {shown.map(({ name, text }, index) => (
          <li key={name}>
            <span
              className="vd-chart-swatch"
              style={{ background: `var(${chartColor(index)})` }}
              aria-hidden
            />
            {name} <span className="vd-chart-value">{text}</span>
          </li>
        ))}
        {time === undefined ? null : <li className="vd-subtle">{props.formatTime(time)}</li>}
      </ul>
      <div
        ref={plot}
        className="vd-chart-plot"
        role="img"
        aria-label={`${props.label}: ${shown.map(({ name, text }) => `${name} ${text}`).join(', ')}`}
      />
    </div>
  );
}
