/** Where images come from that are named by a URL. */
export interface ImageServer {
  /** Does the server have this URL? */
  serves(url: string): boolean;
  /** Digest of the image that is at the URL now, `sha256:...`; undefined when there is none. */
  digest(url: string): string | undefined;
  /**
   * Path of the whole image (qcow2), made or fetched first when needed. `tell` hears of the progress
   * (0 to 1) and of the step for people. Rejects when the URL names another image than there is.
   */
  fetch(
    url: string,
    tell: (fraction: number, step: string) => void,
    signal: AbortSignal,
  ): Promise<string>;
}
