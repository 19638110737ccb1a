import type { Clock } from '~/k8s/Clock';

/** Time that passes when told to, and frames that are painted when told to. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];
  #frames: (() => void)[] = [];

  after(milliseconds: number, run: () => void) {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  nextFrame(run: () => void) {
    this.#frames.push(run);
    return () => {
      this.#frames = this.#frames.filter((other) => other !== run);
    };
  }

  random = () => 0.5;

  paint(): void {
    this.#frames.splice(0).forEach((run) => {
      run();
    });
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    due.forEach((timer) => {
      timer.run();
    });
  }
}
