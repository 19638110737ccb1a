import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { adminToken, boatsPath } from './apiServerFixture.ts';

export interface Frame {
  type: string;
  object: Record<string, unknown> & { metadata: { name: string; resourceVersion: string } };
}

/** Collects what a stream brings and lets a test wait for a number of frames. */
export class Frames {
  readonly seen: Frame[] = [];
  ended = false;
  private wake: (() => void) | undefined;

  push(text: string): void {
    this.seen.push(JSON.parse(text) as Frame);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  async take(count: number): Promise<string[]> {
    await this.until(() => this.seen.length >= count);
    return this.seen.map(({ type, object }) => `${type} ${object.metadata.name}`);
  }
}

/** Watches the boats. */
export async function watchHttp(server: ApiServer, query: string, accept = '*/*'): Promise<Frames> {
  const { url } = await server.listen({ port: 0 });
  return watchAt(`${url}${boatsPath}?watch=true&${query}`, accept);
}

/** Watches what a url with `watch=true` names. */
export function watchAt(url: string, accept = '*/*'): Frames {
  const frames = new Frames();
  const headers = { authorization: `Bearer ${adminToken}`, accept };
  const sent = request(url, { headers }, (response) => {
    const lines = createInterface({ input: response });
    lines.on('line', (line) => {
      frames.push(line);
    });
    lines.on('close', () => {
      frames.end();
    });
    lines.on('error', () => {
      frames.end();
    });
  });
  sent.on('error', () => {
    frames.end();
  });
  sent.end();
  onTestFinished(() => void sent.destroy());
  return frames;
}
