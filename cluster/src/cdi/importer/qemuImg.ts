import { spawn } from 'node:child_process';

export interface QemuImgOptions {
  signal?: AbortSignal | undefined;
  /** Told of the progress, 0 to 1; `-p` must be among the arguments. */
  onProgress?: (fraction: number) => void;
}

/** Runs qemu-img and gives its output; rejects with what it complained about. */
export function qemuImg(args: readonly string[], options: QemuImgOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('qemu-img', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal && { signal: options.signal }),
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      const percent = /\(([\d.]+)\/100%\)/.exec(text)?.[1];
      if (options.onProgress && percent !== undefined) options.onProgress(Number(percent) / 100);
      else output += text;
    });
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(complaint.trim() || `qemu-img ended with exit code ${String(code)}`));
    });
  });
}
