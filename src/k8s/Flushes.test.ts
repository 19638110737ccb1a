import { expect, test } from 'vitest';
import { FakeClock } from '~/k8s/FakeClock';
import { Flushes } from '~/k8s/Flushes';

class Counted {
  flushes = 0;
  constructor(readonly isLarge: boolean) {}
  flush(): void {
    this.flushes += 1;
  }
}

function setUp() {
  const clock = new FakeClock();
  return {
    clock,
    flushes: new Flushes(clock),
    small: new Counted(false),
    large: new Counted(true),
  };
}

test('all that changed is told in the next frame, once', () => {
  const { clock, flushes, small, large } = setUp();
  flushes.soon(small);
  flushes.soon(large);
  flushes.soon(small);
  clock.paint();
  expect([small.flushes, large.flushes]).toEqual([1, 1]);
});

test('what is large rests after a telling, and is told afterwards without further news', () => {
  const { clock, flushes, small, large } = setUp();
  flushes.soon(large);
  clock.paint();
  flushes.soon(large);
  flushes.soon(small);
  clock.paint();
  expect([small.flushes, large.flushes]).toEqual([1, 1]);
  clock.pass(200);
  clock.paint();
  expect([small.flushes, large.flushes]).toEqual([1, 2]);
});

test('one that has ended is not told', () => {
  const { clock, flushes, small } = setUp();
  flushes.soon(small);
  flushes.forget(small);
  clock.paint();
  expect(small.flushes).toBe(0);
});
