import RFB from '@novnc/novnc';
import { streamProtocol, vncUrl } from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import { type Failure, ownFailure } from '~/k8s/errors';
import { ConsoleSession, type Dial } from './ConsoleSession';
import { Observable } from './ConsoleState';
import { defaultDisplay, type Display, qualityLevels } from './display';
import { altGrKey, altKey, controlKey, type Key, type KeyStroke, shiftKey } from './keyboard';

/** The screen of one VirtualMachineInstance in one element. */
export class VncSession extends ConsoleSession {
  /** Number of characters still to be typed. */
  readonly typing = new Observable(0);
  /** What the guest put into its clipboard last, where it has an agent that tells. */
  readonly guestClipboard = new Observable<string | undefined>(undefined);
  #rfb: RFB | undefined;
  #display: Display = defaultDisplay;
  /** The last picture, shown in grey while there is no connection. */
  #still: HTMLCanvasElement | undefined;

  constructor(
    vmi: VmRef,
    private readonly target: HTMLElement,
    private readonly describeCanvas: (canvas: HTMLCanvasElement) => void,
  ) {
    super(vmi, 'vnc', 'polite');
  }

  set display(display: Display) {
    this.#display = display;
    if (this.#rfb !== undefined) show(this.#rfb, display);
  }

  /** Offers a text to the guest's clipboard; only an agent in the guest takes it. */
  offerClipboard(text: string): void {
    this.#rfb?.clipboardPasteFrom(text);
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

  /**
   * Types strokes, `pause` milliseconds apart; ends early when the connection does. The PS/2 queue of
   * a guest holds 16 bytes (QEMU hw/input/ps2.c); a guest that is busy booting empties it slowly.
   */
  async type(strokes: readonly KeyStroke[], pause: number): Promise<void> {
    const rfb = this.#rfb;
    for (const [index, stroke] of strokes.entries()) {
      if (rfb === undefined || rfb !== this.#rfb) break;
      this.typing.set(strokes.length - index);
      const held = [...(stroke.shift ? [shiftKey] : []), ...(stroke.altGr ? [altGrKey] : [])];
      for (const { keysym, code } of held) rfb.sendKey(keysym, code, true);
      rfb.sendKey(stroke.keysym, stroke.code);
      for (const { keysym, code } of held.reverse()) rfb.sendKey(keysym, code, false);
      await new Promise((resolve) => setTimeout(resolve, pause));
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

  override close(): void {
    super.close();
    this.#still?.remove();
  }

  protected dial({ polite, connected, ended }: Dial): void {
    let refusal: Failure | undefined;
    const rfb = new RFB(this.target, vncUrl(this.vmi, { polite }), {
      wsProtocols: [streamProtocol],
    });
    this.#rfb = rfb;
    show(rfb, this.#display);
    rfb.background = 'transparent';
    const canvas = this.target.querySelector<HTMLCanvasElement>('canvas:not([data-still])');
    if (canvas !== null) this.describeCanvas(canvas);

    rfb.addEventListener('connect', () => {
      this.#still?.remove();
      connected();
    });
    rfb.addEventListener('clipboard', ({ detail }) => {
      this.guestClipboard.set(detail.text);
    });
    rfb.addEventListener('securityfailure', ({ detail }) => {
      refusal = securityFailure(detail.reason ?? `VNC security status ${detail.status}`);
    });
    rfb.addEventListener('credentialsrequired', () => {
      refusal = securityFailure('The screen asks for a password, which KubeVirt does not provide.');
      rfb.disconnect();
    });
    rfb.addEventListener('disconnect', () => {
      // It may come late, when the next connection shows its picture already.
      if (this.#rfb !== undefined && this.#rfb !== rfb) return;
      this.#keepStill(canvas);
      if (this.#rfb === undefined) return;
      this.#rfb = undefined;
      ended(refusal);
    });
  }

  protected hangUp(): void {
    const rfb = this.#rfb;
    this.#rfb = undefined;
    rfb?.disconnect();
  }

  /** noVNC takes its canvas away with the connection; what it showed last is kept. */
  #keepStill(canvas: HTMLCanvasElement | null): void {
    if (canvas === null || canvas.width === 0 || canvas.height === 0) return;
    const still = document.createElement('canvas');
    still.width = canvas.width;
    still.height = canvas.height;
    still.dataset['still'] = 'true';
    still.className = 'vd-console__still';
    still.setAttribute('aria-hidden', 'true');
    // An attempt that came to nothing has shown nothing.
    const context = canvas.getContext('2d');
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (pixels?.some((value) => value !== 0) !== true) return;
    still.getContext('2d')?.drawImage(canvas, 0, 0);
    this.#still?.remove();
    this.#still = still;
    this.target.append(still);
  }
}

function show(rfb: RFB, { size, quality }: Display): void {
  // A guest that does not follow is scaled.
  rfb.scaleViewport = size !== 'actual';
  rfb.resizeSession = size === 'guest';
  const { quality: level, compression } = qualityLevels[quality];
  rfb.qualityLevel = level;
  rfb.compressionLevel = compression;
}

function securityFailure(detail: string): Failure {
  return ownFailure('The screen refused the connection', detail);
}
