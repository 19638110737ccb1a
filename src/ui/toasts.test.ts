import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { toastAdd, toastRemove, toastsNow, toastsSubscribe } from './toasts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  for (const toast of toastsNow()) toastRemove(toast.id);
  vi.useRealTimers();
});

test('a success goes away by itself, a failure stays until it is closed', () => {
  toastAdd({ tone: 'success', title: 'Starting a' });
  const failure = toastAdd({ tone: 'danger', title: 'Could not start b', detail: 'no node' });
  vi.advanceTimersByTime(60_000);
  expect(toastsNow().map((toast) => toast.title)).toEqual(['Could not start b']);
  toastRemove(failure);
  expect(toastsNow()).toEqual([]);
});

test('subscribers hear of every change until they leave', () => {
  const heard = vi.fn();
  const leave = toastsSubscribe(heard);
  const id = toastAdd({ tone: 'info', title: 'x' });
  toastRemove(id);
  leave();
  toastAdd({ tone: 'info', title: 'y' });
  expect(heard).toHaveBeenCalledTimes(2);
});

test('only the newest few are kept', () => {
  for (let i = 0; i < 9; i += 1) toastAdd({ tone: 'danger', title: `t${i}` });
  expect(toastsNow().map((toast) => toast.title)).toEqual(['t4', 't5', 't6', 't7', 't8']);
});
