import { t } from '../i18n.ts';
import { connection } from '../k8s/ApiConnection.ts';
import { HttpError } from './HttpError.ts';

/** Time for the answer's head; the body of a stream may take longer. */
const defaultTimeoutMs = 60_000;

function csrfToken(): string {
  const cookie = document.cookie.split('; ').find((part) => part.startsWith('csrf-token='));
  return cookie?.slice('csrf-token='.length) ?? '';
}

/** The most telling sentence of a failed answer: Status.message, else its text, else the status. */
async function readFailure(response: Response): Promise<{ message: string; json: unknown }> {
  const text = await response.text();
  const fallback = `${response.status} ${response.statusText}`.trim();
  try {
    const json: unknown = JSON.parse(text);
    const hasMessage = typeof json === 'object' && json !== null && 'message' in json;
    const message = hasMessage && typeof json.message === 'string' ? json.message : '';
    return { message: message || fallback, json };
  } catch {
    // Not JSON: proxies and subresources answer in plain text, pages are of no use to the user.
    const isPage = response.headers.get('content-type')?.includes('html') ?? false;
    return { message: (!isPage && text.trim()) || fallback, json: undefined };
  }
}

/**
 * `fetch` with the CSRF token. Rejects with an HttpError when the answer is not a success, and with
 * an Error that names the address when there is no answer at all. `timeout` in milliseconds counts
 * until the head of the answer is there; 0 means none.
 */
export async function consoleFetch(
  url: string,
  options: RequestInit = {},
  timeout = defaultTimeoutMs,
): Promise<Response> {
  const headers = new Headers(options.headers);
  const isOwn = new URL(url, location.origin).origin === location.origin;
  if (isOwn && !headers.has('X-CSRFToken')) headers.set('X-CSRFToken', csrfToken());

  const controller = new AbortController();
  const abort = () => controller.abort(options.signal?.reason);
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  const timeoutError = new Error(
    t('{{address}} did not answer within {{seconds}} seconds.', {
      address: url,
      seconds: timeout / 1000,
    }),
  );
  const timer = timeout > 0 ? setTimeout(() => controller.abort(timeoutError), timeout) : undefined;
  let response: Response;
  try {
    response = await fetch(url, { ...options, headers, signal: controller.signal });
  } catch (error) {
    if (options.signal?.aborted || error === timeoutError) throw error;
    connection.doubt();
    throw new Error(t('The console cannot be reached. Check that virtdeck still runs.'), {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return response;
  if (response.status === 401 || response.status >= 502) connection.doubt();
  const { message, json } = await readFailure(response);
  throw new HttpError(message, response.status, response, json);
}

/** The body as text. */
export async function consoleFetchText(
  url: string,
  options?: RequestInit,
  timeout?: number,
): Promise<string> {
  return (await consoleFetch(url, options, timeout)).text();
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return {};
  return JSON.parse(text) as unknown;
}

async function get(
  url: string,
  method = 'GET',
  options: RequestInit = {},
  timeout?: number,
): Promise<unknown> {
  const headers = new Headers(options.headers);
  if (!headers.has('Accept')) headers.set('Accept', 'application/json');
  return readJson(await consoleFetch(url, { ...options, method, headers }, timeout));
}

function send(method: string, contentType: string) {
  return async (
    url: string,
    json?: unknown,
    options: RequestInit = {},
    timeout?: number,
  ): Promise<unknown> => {
    const headers = new Headers(options.headers);
    if (!headers.has('Accept')) headers.set('Accept', 'application/json');
    const hasBody = json !== undefined && json !== null;
    if (hasBody && !headers.has('Content-Type')) headers.set('Content-Type', contentType);
    const body = hasBody ? { body: JSON.stringify(json) } : {};
    return readJson(await consoleFetch(url, { ...options, method, headers, ...body }, timeout));
  };
}

/** JSON in and out; the verbs are properties, as in the OpenShift console's SDK. */
export const consoleFetchJSON = Object.assign(get, {
  post: send('POST', 'application/json'),
  put: send('PUT', 'application/json'),
  patch: send('PATCH', 'application/json-patch+json'),
  delete: send('DELETE', 'application/json'),
});
