import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { ExclusiveStream } from './ExclusiveStream.ts';
import type { DomainSpec } from './GuestRuntime.ts';
import { guestFiles } from './qemuArguments.ts';
import type { Qmp } from './Qmp.ts';
import { trimSerialLog } from './trimSerialLog.ts';
import { UsbRedirection } from './UsbRedirection.ts';

const TRIM_MS = 60_000;

/** The screen, the serial line and the USB slots of a guest. */
export class QemuConsoles {
  readonly #spec: DomainSpec;
  readonly #directory: string;
  readonly #qmp: Qmp;
  readonly #vnc: ExclusiveStream;
  readonly #serial: ExclusiveStream;
  readonly #usb: UsbRedirection;
  #screenshots = 0;
  #trimming: NodeJS.Timeout | undefined;

  constructor(spec: DomainSpec, directory: string, qmp: Qmp, log: (text: string) => void) {
    this.#spec = spec;
    this.#directory = directory;
    this.#qmp = qmp;
    this.#vnc = new ExclusiveStream(directory, guestFiles.vnc);
    this.#serial = new ExclusiveStream(directory, guestFiles.serial);
    this.#usb = new UsbRedirection(directory, spec.usbRedirection === true);
    if (spec.serialConsole) {
      this.#trimming = setInterval(() => {
        trimSerialLog(directory).catch((error: unknown) => log(`serial log: ${String(error)}`));
      }, TRIM_MS).unref();
    }
  }

  openVnc(preserve = false): Promise<Duplex> {
    if (!this.#spec.graphics) return Promise.reject(new Error('The guest has no graphics device'));
    return this.#vnc.open(preserve);
  }

  openSerial(): Promise<Duplex> {
    if (!this.#spec.serialConsole)
      return Promise.reject(new Error('The guest has no serial console'));
    return this.#serial.open();
  }

  openUsbRedirection(): Promise<Duplex> {
    return this.#usb.open();
  }

  async screenshot(): Promise<Buffer> {
    if (!this.#spec.graphics) throw new Error('The guest has no graphics device');
    const name = `screen-${this.#screenshots++}.png`;
    const path = join(this.#directory, name);
    try {
      await this.#qmp.execute('screendump', { filename: name, format: 'png' });
      return await readFile(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  close(): void {
    clearInterval(this.#trimming);
    this.#vnc.close();
    this.#serial.close();
    this.#usb.close();
  }
}
