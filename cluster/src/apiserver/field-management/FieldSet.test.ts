import { expect, test } from 'vitest';
import { difference, intersection, pathTexts, union, type FieldSet } from './FieldSet.ts';

const a: FieldSet = { 'f:spec': { '.': {}, 'f:x': {}, 'f:list': { 'k:{"name":"n"}': {} } } };

test('a union holds the paths of both, and is the same object when nothing is new', () => {
  expect(union(a, { 'f:spec': { 'f:y': {} } })).toEqual({
    'f:spec': { '.': {}, 'f:x': {}, 'f:y': {}, 'f:list': { 'k:{"name":"n"}': {} } },
  });
  expect(union(a, { 'f:spec': { 'f:x': {} } })).toBe(a);
  expect(union({ 'f:a': {} }, { 'f:a': { 'f:b': {} } })).toEqual({
    'f:a': { '.': {}, 'f:b': {} },
  });
});

test('a difference keeps what is below a path that goes, and drops nodes that hold nothing', () => {
  expect(difference(a, { 'f:spec': {} })).toEqual({
    'f:spec': { 'f:x': {}, 'f:list': { 'k:{"name":"n"}': {} } },
  });
  expect(difference({ 'f:a': { 'f:b': {} } }, { 'f:a': { 'f:b': {} } })).toEqual({});
  expect(difference(a, { 'f:other': {} })).toBe(a);
});

test('an intersection holds the paths that stand in both', () => {
  expect(intersection(a, { 'f:spec': { 'f:x': {}, 'f:y': {} } })).toEqual({
    'f:spec': { 'f:x': {} },
  });
  expect(intersection({ 'f:a': { 'f:b': {} } }, { 'f:a': {} })).toEqual({});
});

test('paths are written as Kubernetes does', () => {
  expect(pathTexts({ 'f:spec': { 'f:x': { 'k:{"port":80,"protocol":"TCP"}': {} } } })).toEqual([
    '.spec.x[port=80,protocol="TCP"]',
  ]);
  expect(pathTexts({ 'f:metadata': { 'f:finalizers': { 'v:"a"': {} } } })).toEqual([
    '.metadata.finalizers[="a"]',
  ]);
});
