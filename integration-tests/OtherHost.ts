import { type Ended, Program } from './program.ts';

/** A console and a cluster that run already, of whoever: they are used, and never ended. */
export class OtherHost extends Program {
  readonly #kubeconfig: string;

  /** `url` opens the console, with a key where it needs one; `kubeconfig` is a file for kubectl. */
  constructor(url: string, kubeconfig: string) {
    super('');
    this.url = url;
    this.#kubeconfig = kubeconfig;
  }

  override get kubeconfig(): string {
    return this.#kubeconfig;
  }

  override start(): Promise<void> {
    return Promise.resolve();
  }

  override stop(): Promise<Ended> {
    return Promise.reject(new Error('The host of BASE_URL is not ours to end.'));
  }

  override kill(): Promise<void> {
    return Promise.reject(new Error('The host of BASE_URL is not ours to end.'));
  }

  override dispose(): Promise<void> {
    return Promise.resolve();
  }

  override guestPids(): number[] {
    return [];
  }
}
