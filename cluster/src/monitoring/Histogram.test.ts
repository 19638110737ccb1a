import { expect, test } from 'vitest';

import { Histogram } from './Histogram.ts';

test('each bucket counts all that is below its bound', () => {
  const name = 'kubevirt_vmi_phase_transition_time_seconds';
  const histogram = new Histogram(name, [1, 5]);
  for (const seconds of [0.5, 1, 3, 9]) histogram.observe({ phase: 'Running' }, seconds);
  expect(histogram.samples().map(([, line]) => line)).toEqual([
    `${name}_bucket{phase="Running",le="1"} 2`,
    `${name}_bucket{phase="Running",le="5"} 3`,
    `${name}_bucket{phase="Running",le="+Inf"} 4`,
    `${name}_sum{phase="Running"} 13.5`,
    `${name}_count{phase="Running"} 4`,
  ]);
});
