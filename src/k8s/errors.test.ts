import { describe, expect, it } from 'vitest';
import { isTransient, toFailure } from '~/k8s/errors';

function httpError(code: number, message: string, json?: unknown): Error {
  return Object.assign(new Error(message), { code, json });
}

describe('toFailure', () => {
  it('keeps the message and the causes of a 422', () => {
    const failure = toFailure(
      httpError(422, 'summary of the console', {
        kind: 'Status',
        code: 422,
        reason: 'Invalid',
        message: 'admission webhook denied the request: bad bus',
        details: {
          causes: [{ reason: 'FieldValueInvalid', message: 'bad bus', field: 'spec.x' }],
        },
      }),
    );
    expect(failure).toEqual({
      title: 'Some values are not valid',
      detail: 'admission webhook denied the request: bad bus',
      status: 422,
      reason: 'Invalid',
      causes: [{ field: 'spec.x', message: 'bad bus', reason: 'FieldValueInvalid' }],
    });
  });

  it('shows a plain text answer as it is', () => {
    const failure = toFailure(httpError(500, 'VMI does not have guest agent connected'));
    expect(failure.title).toBe('The server reported an error');
    expect(failure.detail).toBe('VMI does not have guest agent connected');
  });

  it('tells a lost connection from an answer', () => {
    const failure = toFailure(new TypeError('Failed to fetch'));
    expect(failure.title).toBe('The server could not be reached');
    expect(failure.status).toBeUndefined();
  });

  it('understands a Status that came through a watch', () => {
    const failure = toFailure({ kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
    expect(failure).toMatchObject({ status: 410, reason: 'Expired', detail: 'too old' });
  });

  it.each([undefined, null, 7, '', 'plain'])('never gives an empty detail for %j', (thrown) => {
    expect(toFailure(thrown).detail).not.toBe('');
  });
});

it('retries what may pass by itself', () => {
  expect(isTransient(toFailure(new TypeError('x')))).toBe(true);
  expect(isTransient(toFailure(httpError(503, 'x')))).toBe(true);
  expect(isTransient(toFailure(httpError(403, 'x')))).toBe(false);
});
