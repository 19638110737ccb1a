import type { Clock, Timer } from '../../src/client/Clock.ts';

interface Appointment {
  due: number;
  callback: () => void;
  timer: NodeJS.Timeout;
}

/** The real time, which a test can put forward: what falls due by that is called at once. */
export class SkippingClock implements Clock {
  #ahead = 0;
  readonly #appointments = new Set<Appointment>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  setTimeout(callback: () => void, milliseconds: number): Timer {
    const appointment: Appointment = {
      due: this.now() + milliseconds,
      callback,
      timer: setTimeout(() => this.#call(appointment), milliseconds),
    };
    this.#appointments.add(appointment);
    return appointment;
  }

  clearTimeout(timer: Timer): void {
    for (const appointment of this.#appointments) {
      if (appointment === timer) this.#forget(appointment);
    }
  }

  skip(milliseconds: number): void {
    this.#ahead += milliseconds;
    const due = [...this.#appointments].filter((appointment) => appointment.due <= this.now());
    for (const appointment of due.sort((a, b) => a.due - b.due)) this.#call(appointment);
  }

  /** Drops all appointments. */
  stop(): void {
    for (const appointment of this.#appointments) this.#forget(appointment);
  }

  #call(appointment: Appointment): void {
    if (!this.#appointments.has(appointment)) return;
    this.#forget(appointment);
    appointment.callback();
  }

  #forget(appointment: Appointment): void {
    clearTimeout(appointment.timer);
    this.#appointments.delete(appointment);
  }
}
