import fc from 'fast-check';
import { test } from 'vitest';
import { boatsPath } from './apiServerFixture.ts';
import { check, type Method } from './soundAnswers.ts';

const parameter = fc.constantFrom(
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'dryRun',
  'fieldValidation',
  'fieldManager',
  'force',
  'propagationPolicy',
  'gracePeriodSeconds',
  'includeObject',
  'pretty',
  'sendInitialEvents',
);
const parameterValue = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '-1',
    '0',
    '1e9',
    'NaN',
    'true',
    'All',
    'Exact',
    'NotOlderThan',
    'Strict',
    'a in (b',
    'a notin ()',
    '!',
    'a==',
    'metadata.name=x,',
    'constructor=x',
    'eyJ9',
    'eyJydiI6MSwic3RhcnQiOiJ4In0',
    '99999999999999999999',
  ),
);

test('whatever a query asks, the answer is sound', () =>
  check(
    fc.tuple(
      fc.constantFrom<Method>('GET', 'POST', 'DELETE'),
      fc.constantFrom(boatsPath, `${boatsPath}/ann`, '/api/v1/pods'),
      fc.array(fc.tuple(parameter, parameterValue), { maxLength: 4 }),
    ),
    ([method, url, query]) => ({ method, url: `${url}?${new URLSearchParams(query).toString()}` }),
  ));

const segment = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '%00',
    '%',
    '%zz',
    'api',
    'apis',
    'v1',
    'namespaces',
    'default',
    'pods',
    'sea.example.com',
    'boats',
    'ann',
    'status',
    '__proto__',
    'constructor',
    'openapi',
    'v3',
  ),
  fc.string().map((text) => encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, ''))),
);

test('whatever path is asked for, the answer is sound', () =>
  check(
    fc.tuple(
      fc.constantFrom<Method>('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      fc.array(segment, { maxLength: 8 }),
    ),
    ([method, segments]) => ({ method, url: `/${segments.join('/')}` }),
  ));
