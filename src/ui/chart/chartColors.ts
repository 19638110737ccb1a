/** CSS variable of the colour of a line, by its number. Defined in chart.css. */
export function chartColor(index: number): string {
  return `--vd-chart-${(index % 3) + 1}`;
}
