import type { UserInfo } from '../auth/UserInfo.ts';

/** A request as the handlers see it, whatever brought it. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly user: UserInfo;
  readonly signal: AbortSignal;
  /** The first value of a header; the name is in lower case. */
  header(name: string): string | undefined;
}
