/** Where images come from that are named by a URL. */
export interface ImageServer {
  /** Does the server have this URL? What it has not is refused when the DataVolume is made. */
  serves(url: string): boolean;
  /**
   * Path of the whole image (qcow2), made or fetched first when needed. `tell` hears of the progress
   * (0 to 1) and of the step for people.
   */
  fetch(
    url: string,
    tell: (fraction: number, step: string) => void,
    signal: AbortSignal,
  ): Promise<string>;
}
