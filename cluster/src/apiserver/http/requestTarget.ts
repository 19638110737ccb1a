import { badRequest } from '../ApiError.ts';

export function requestUrl(target: string): URL {
  try {
    return new URL(target, 'http://apiserver');
  } catch {
    throw badRequest(`the request target ${JSON.stringify(target)} is not a URL`);
  }
}

export function headerOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  name: string,
): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
