import RFB from '@novnc/novnc';
import { explainSocketFailure, isInUse, streamProtocol, vncUrl } from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import type { Failure } from '~/k8s/errors';
import { type ConsoleState, droppedFailure, Observable, retryDelay } from './ConsoleState';
import { altKey, controlKey, type Key, type KeyStroke, shiftKey } from './keyboard';

/**
 * Between two typed keys. The PS/2 queue of a guest holds 16 bytes (QEMU hw/input/ps2.c); a guest
 * that is busy booting empties it slowly.
 */
const typingPause = 15;

/** The screen of one VirtualMachineInstance in one element. Reusable: open, hold, open again. */
export class VncSession {
  readonly state = new Observable<ConsoleState>({ phase: 'idle' });
  /** Number of characters still to be typed. */
  readonly typing = new Observable(0);
  #rfb: RFB | undefined;
  #fit = true;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly vmi: VmRef,
    private readonly target: HTMLElement,
    private readonly describeCanvas: (canvas: HTMLCanvasElement) => void,
  ) {}

  /** Connects, unless somebody else looks at the screen and `takeOver` is not given. */
  open({ takeOver = false }: { takeOver?: boolean } = {}): void {
    this.#connect(!takeOver, 0);
  }

  /** Ends the connection and waits to be opened again. */
  hold(): void {
    this.#disconnect();
    this.state.set({ phase: 'idle' });
  }

  close(): void {
    this.#disconnect();
  }

  set fit(fit: boolean) {
    this.#fit = fit;
    if (this.#rfb !== undefined) this.#rfb.scaleViewport = fit;
  }

  focus(): void {
    this.#rfb?.focus();
  }

  /** Gives the keyboard back to the page; the keys that asked for it must not stay down. */
  release(): void {
    const rfb = this.#rfb;
    rfb?.blur();
    for (const { keysym, code } of [controlKey, altKey]) rfb?.sendKey(keysym, code, false);
  }

  /** Presses keys one after the other and releases them in the opposite order. */
  press(keys: readonly Key[]): void {
    const rfb = this.#rfb;
    if (rfb === undefined) return;
    keys.forEach(({ keysym, code }) => {
      rfb.sendKey(keysym, code, true);
    });
    [...keys].reverse().forEach(({ keysym, code }) => {
      rfb.sendKey(keysym, code, false);
    });
    rfb.focus();
  }

  /** Types strokes in the pace of a very fast human; ends early when the connection does. */
  async type(strokes: readonly KeyStroke[]): Promise<void> {
    const rfb = this.#rfb;
    for (const [index, stroke] of strokes.entries()) {
      if (rfb === undefined || rfb !== this.#rfb) break;
      this.typing.set(strokes.length - index);
      if (stroke.shift) rfb.sendKey(shiftKey.keysym, shiftKey.code, true);
      rfb.sendKey(stroke.keysym, stroke.code);
      if (stroke.shift) rfb.sendKey(shiftKey.keysym, shiftKey.code, false);
      await new Promise((resolve) => setTimeout(resolve, typingPause));
    }
    this.typing.set(0);
  }

  /** What is on the screen now, as PNG; undefined when there is no picture. */
  screenshot(): Promise<Blob | undefined> {
    const rfb = this.#rfb;
    if (rfb === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      rfb.toBlob((blob) => {
        resolve(blob ?? undefined);
      }, 'image/png');
    });
  }

  #connect(polite: boolean, attempt: number): void {
    this.#disconnect();
    this.state.set({ phase: 'connecting' });
    let wasConnected = false;
    let refusal: Failure | undefined;
    const rfb = new RFB(this.target, vncUrl(this.vmi, { polite }), {
      wsProtocols: [streamProtocol],
    });
    this.#rfb = rfb;
    rfb.scaleViewport = this.#fit;
    rfb.background = 'transparent';
    const canvas = this.target.querySelector('canvas');
    if (canvas !== null) this.describeCanvas(canvas);

    rfb.addEventListener('connect', () => {
      if (this.#rfb !== rfb) return;
      wasConnected = true;
      this.state.set({ phase: 'connected' });
    });
    rfb.addEventListener('securityfailure', ({ detail }) => {
      refusal = securityFailure(detail.reason ?? `VNC security status ${detail.status}`);
    });
    rfb.addEventListener('credentialsrequired', () => {
      refusal = securityFailure('The screen asks for a password, which KubeVirt does not provide.');
      rfb.disconnect();
    });
    rfb.addEventListener('disconnect', () => {
      if (this.#rfb !== rfb) return;
      this.#rfb = undefined;
      const known = refusal ?? (wasConnected ? droppedFailure : undefined);
      if (known === undefined) void this.#explain(polite, attempt);
      else this.state.set({ phase: 'closed', failure: known, inUse: false });
    });
  }

  async #explain(polite: boolean, attempt: number): Promise<void> {
    const before = this.state.get();
    const failure = await explainSocketFailure(this.vmi, 'vnc', { polite });
    if (this.state.get() !== before) return;
    const delay = retryDelay(failure, attempt);
    if (delay === undefined) {
      this.state.set({ phase: 'closed', failure, inUse: isInUse(failure) });
      return;
    }
    this.#retryTimer = setTimeout(() => {
      this.#connect(polite, attempt + 1);
    }, delay);
  }

  #disconnect(): void {
    clearTimeout(this.#retryTimer);
    const rfb = this.#rfb;
    this.#rfb = undefined;
    rfb?.disconnect();
  }
}

function securityFailure(detail: string): Failure {
  const title = 'The screen refused the connection';
  return { title, detail, status: undefined, reason: undefined, causes: [] };
}
