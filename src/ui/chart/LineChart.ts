import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartColor } from './chartColors';

export interface LineChartOptions {
  /** Names of the lines; each gets a colour. */
  lines: readonly string[];
  /** Values are bytes: the axis has round numbers of KiB. */
  isBinary: boolean;
  /** Text of a value, for the axis. */
  format: (value: number) => string;
  /** BCP 47, for the times. */
  locale: string;
  /** Charts of one group share the crosshair. */
  group: string;
  /** Somebody dragged over a part of the time; Unix time in seconds. */
  onZoom: (from: number, to: number) => void;
  /** The crosshair is at this point of the data; undefined when it has gone. */
  onPoint: (index: number | undefined) => void;
}

/** Times in Unix seconds, and for each line its values; null where there is none. */
export interface LineChartData {
  times: readonly number[];
  values: readonly (readonly (number | null)[])[];
  from: number;
  to: number;
}

const HEIGHT = 180;

/** Room for the texts of the value axis, CSS pixels. */
const AXIS_WIDTH = 76;

/** Steps of an axis of bytes: 1, 2, 5, 10 ... would be crooked in KiB. */
const BINARY_STEPS = Array.from({ length: 60 }, (_, index) => 2 ** index);

/** A drag shorter than this is a click. CSS pixels. */
const LEAST_DRAG = 8;

function timeFormat(locale: string, increment: number): Intl.DateTimeFormat {
  if (increment >= 86_400)
    return new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(increment < 60 ? { second: '2-digit' } : {}),
    ...(increment >= 21_600 ? { month: 'short', day: 'numeric' } : {}),
  });
}

/** Lines over time, drawn by uPlot on a canvas, in the colours of the page's theme. */
export class LineChart {
  readonly #plot: uPlot;
  readonly #size: ResizeObserver;
  readonly #theme: MutationObserver;
  #from = 0;
  #to = 1;

  constructor(
    private readonly element: HTMLElement,
    options: LineChartOptions,
  ) {
    this.#plot = new uPlot(this.#options(options), [[], ...options.lines.map(() => [])], element);
    this.#size = new ResizeObserver(() => {
      this.#plot.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    this.#size.observe(element);
    // The theme is a class of the page; the canvas has to be told.
    this.#theme = new MutationObserver(() => {
      this.#plot.redraw();
    });
    this.#theme.observe(document.documentElement, { attributeFilter: ['class'] });
  }

  show({ times, values, from, to }: LineChartData): void {
    this.#from = from;
    this.#to = to;
    this.#plot.setData([[...times], ...values.map((line) => [...line])]);
  }

  close(): void {
    this.#size.disconnect();
    this.#theme.disconnect();
    this.#plot.destroy();
  }

  #options(options: LineChartOptions): uPlot.Options {
    const { lines, isBinary, format, locale, group, onZoom, onPoint } = options;
    const { element } = this;
    const style = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: () => style('--vd-chart-text'),
      grid: { stroke: () => style('--vd-chart-grid'), width: 1 },
      ticks: { show: false },
      font: `12px ${getComputedStyle(element).fontFamily}`,
    };
    return {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 32, 0, 0],
      scales: {
        x: { range: () => [this.#from, this.#to] },
        y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1] },
      },
      axes: [
        {
          ...axis,
          space: 90,
          size: 28,
          values: (_plot, times, _axis, _space, increment) =>
            times.map((time) => timeFormat(locale, increment).format(time * 1000)),
        },
        {
          ...axis,
          size: AXIS_WIDTH,
          ...(isBinary ? { incrs: BINARY_STEPS } : {}),
          values: (_plot, values) => values.map(format),
        },
      ],
      series: [
        {},
        ...lines.map((label, index): uPlot.Series => ({
          label,
          width: 1.5,
          points: { show: false },
          stroke: () => style(chartColor(index)),
          // The first line is filled; under several the colours would mix.
          ...(index === 0 ? { fill: () => style('--vd-chart-fill') } : {}),
        })),
      ],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        sync: { key: group, scales: ['x', null] },
      },
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < LEAST_DRAG) return;
            const [from, to] = [left, left + width].map((at) => plot.posToVal(at, 'x'));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            if (from !== undefined && to !== undefined) onZoom(Math.floor(from), Math.ceil(to));
          },
        ],
        setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)],
      },
    };
  }
}
