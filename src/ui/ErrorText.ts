/** A failure in words: what went wrong, and the server's own message. */
export interface ErrorText {
  title: string;
  detail: string;
}
