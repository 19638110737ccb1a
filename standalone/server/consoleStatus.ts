/** A `metav1.Status`, the form in which Kubernetes clients expect every refusal. */
export interface ConsoleStatus {
  apiVersion: 'v1';
  kind: 'Status';
  metadata: Record<string, never>;
  status: 'Failure';
  code: number;
  reason: string;
  message: string;
}

/**
 * Makes the JSON body for a refusal of our own, in the shape of the API server's, so that the
 * browser has one kind of error to show. `message` is a sentence for the user.
 */
export function consoleStatus(code: number, reason: string, message: string): ConsoleStatus {
  return {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    code,
    reason,
    message,
  };
}
