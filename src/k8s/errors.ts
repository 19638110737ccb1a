import { isRecord } from '~/k8s/isRecord';

export type FailureCause = { field: string; message: string; reason: string };

/** Any failure in the one shape in which it is shown. */
export type Failure = {
  /** What went wrong, in a few words; an English text that is also the i18n key. */
  title: string;
  /** The server's own message, or what the browser said. Never empty. */
  detail: string;
  /** HTTP status, where an answer came at all. */
  status: number | undefined;
  /** Reason of a metav1.Status: `Conflict`, `Invalid` ... */
  reason: string | undefined;
  /** Field errors of a 422; the paths are as the server writes them (`spec.template.spec...`). */
  causes: FailureCause[];
};

/** Titles by HTTP status; all are keys of the locale file. */
export const failureTitles = {
  400: 'The request was not accepted',
  401: 'You are not allowed to do this',
  403: 'You are not allowed to do this',
  404: 'Not found',
  409: 'This conflicts with the current state',
  410: 'The data is outdated',
  413: 'The request is too large',
  422: 'Some values are not valid',
  429: 'The server is busy',
  501: 'The server does not offer this',
  503: 'The service is not available',
  504: 'The server took too long to answer',
} as const;

const titleOfServerError = 'The server reported an error';
const titleOfNoAnswer = 'The server could not be reached';
const titleOfOther = 'Something went wrong';

function titleOf(status: number): string {
  const titles: Partial<Record<number, string>> = failureTitles;
  const title = titles[status];
  if (title !== undefined) return title;
  return status >= 500 ? titleOfServerError : failureTitles[400];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function causesOf(status: Record<string, unknown>): FailureCause[] {
  const details = isRecord(status['details']) ? status['details'] : {};
  const causes = Array.isArray(details['causes']) ? details['causes'] : [];
  return causes.filter(isRecord).map((cause) => ({
    field: text(cause['field']) ?? '',
    message: text(cause['message']) ?? '',
    reason: text(cause['reason']) ?? '',
  }));
}

function fromStatus(status: Record<string, unknown>, httpCode: number | undefined): Failure {
  const code = typeof status['code'] === 'number' ? status['code'] : httpCode;
  const title = code === undefined ? titleOfOther : titleOf(code);
  return {
    title,
    detail: text(status['message']) ?? text(status['reason']) ?? title,
    status: code,
    reason: text(status['reason']),
    causes: causesOf(status),
  };
}

function isStatus(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value['kind'] === 'Status';
}

/** A failure that is ours: no answer of a server stands behind it. */
export function ownFailure(title: string, detail: string): Failure {
  return { title, detail, status: undefined, reason: undefined, causes: [] };
}

/** What a failure says, in the user's language where the words are ours; a server's own stay as they are. */
export function detailOf({ status, detail }: Failure, t: (key: string) => string): string {
  return status === undefined ? t(detail) : detail;
}

/** A Failure that was thrown as such, e.g. to reject a promise with a text of our own. */
export class FailureError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail);
    this.name = 'FailureError';
  }
}

/**
 * The one funnel for errors. Understands what `consoleFetch` throws (an Error with `code` and, when
 * the answer was JSON, `json`; console-dynamic-plugin-sdk http-error), a metav1.Status, a browser's
 * network error and any other Error. virt-api answers some refusals as plain text; then that text is
 * the message of the Error.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (isStatus(error)) return fromStatus(error, undefined);
  if (!(error instanceof Error)) {
    const detail = text(error) ?? titleOfOther;
    return ownFailure(titleOfOther, detail);
  }
  const code = 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  const json: unknown = 'json' in error ? error.json : undefined;
  if (isStatus(json)) return fromStatus(json, code);
  const title = code === undefined ? titleWithoutStatus(error) : titleOf(code);
  return {
    title,
    // `error` is Prometheus' word for it.
    detail:
      (isRecord(json) ? (text(json['message']) ?? text(json['error'])) : undefined) ??
      text(error.message) ??
      title,
    status: code,
    reason: undefined,
    causes: [],
  };
}

/** fetch() rejects with a TypeError, and consoleFetch with a TimeoutError, when no answer came. */
function titleWithoutStatus(error: Error): string {
  return error instanceof TypeError || error.name === 'TimeoutError'
    ? titleOfNoAnswer
    : titleOfOther;
}

/** Whether the same request may succeed later without anybody changing anything. */
export function isTransient(failure: Failure): boolean {
  const { status } = failure;
  return status === undefined || status === 410 || status === 429 || status >= 500;
}
