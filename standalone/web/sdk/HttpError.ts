/** An answer of the server that is not a success, as the OpenShift console throws it. */
export class HttpError extends Error {
  constructor(
    message: string,
    /** HTTP status. */
    readonly code: number,
    readonly response: Response,
    /** The body, for Kubernetes a `metav1.Status`; undefined when it was not JSON. */
    readonly json: unknown,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}
