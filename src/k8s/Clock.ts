export type Cancel = () => void;

/** Time and chance, passed in so that tests decide on both. */
export type Clock = {
  after(milliseconds: number, run: () => void): Cancel;
  /** Runs before the next paint; in a hidden tab, where nothing is painted, within a second. */
  nextFrame(run: () => void): Cancel;
  /** In [0, 1). */
  random(): number;
};

export const browserClock: Clock = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },

  nextFrame(run) {
    const cancel = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
    const once = () => {
      cancel();
      run();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, 1000);
    return cancel;
  },

  random: () => Math.random(),
};
