/** Time as the controllers see it; tests put one in whose hands they move. Milliseconds. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** What `setTimeout` gives back; only `clearTimeout` of the same clock looks into it. */
export type Timer = object | number;

export const realClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout);
  },
};
