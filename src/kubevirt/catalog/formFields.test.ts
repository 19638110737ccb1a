import { expect, it } from 'vitest';

import {
  fieldMistake,
  fieldPairs,
  fieldText,
  type FormField,
  withFieldPairs,
  withFieldText,
} from './formFields';
import { instancetypeFields } from './instancetypeFields';
import { preferenceFields } from './preferenceFields';

const field = (id: string): FormField => {
  const found = [...instancetypeFields, ...preferenceFields].find(
    ({ path }) => path.join('.') === id,
  );
  if (!found) throw new Error(`no field ${id}`);
  return found;
};

it('keeps what is typed, and says what is wrong with it', () => {
  const cpus = field('spec.cpu.guest');
  const typed = (text: string) => withFieldText({}, cpus, text);
  expect(typed('4')).toEqual({ spec: { cpu: { guest: 4 } } });
  expect(typed('')).toEqual({});
  expect(fieldText(typed('four'), cpus)).toBe('four');
  expect(['', '4', '0', 'four', '1.5'].map((text) => fieldMistake(typed(text), cpus))).toEqual([
    'required',
    undefined,
    'least',
    'number',
    'number',
  ]);
  const memory = field('spec.memory.guest');
  const size = (text: string) => fieldMistake(withFieldText({}, memory, text), memory);
  expect(['4Gi', ' 1.5Gi ', '4 GB', '0', 'much'].map(size)).toEqual([
    undefined,
    undefined,
    'quantity',
    'quantity',
    'quantity',
  ]);
  const name = field('metadata.name');
  const named = (text: string) => fieldMistake(withFieldText({}, name, text), name);
  expect(['u1.small', 'U1', '.a', 'a..b', 'a'.repeat(254)].map(named)).toEqual([
    undefined,
    'name',
    'name',
    'name',
    'name',
  ]);
});

it('keeps what it does not know of devices, and drops pairs without a key', () => {
  const gpus = field('spec.gpus');
  const before = { spec: { gpus: [{ name: 'g', deviceName: 'x/A', tag: 'top' }], other: 1 } };
  expect(fieldPairs(before, gpus)).toEqual([['g', 'x/A']]);
  expect(
    withFieldPairs(before, gpus, [
      ['g', 'x/B'],
      ['h', 'x/C'],
    ]),
  ).toEqual({
    spec: {
      gpus: [
        { name: 'g', deviceName: 'x/B', tag: 'top' },
        { name: 'h', deviceName: 'x/C' },
      ],
      other: 1,
    },
  });
  const selector = field('spec.nodeSelector');
  expect(withFieldPairs({}, selector, [['', 'x']])).toEqual({});
});

it('tells an absent decision from a refused one', () => {
  const masquerade = field('spec.devices.preferredAutoattachGraphicsDevice');
  expect(fieldText(withFieldText({}, masquerade, 'false'), masquerade)).toBe('false');
  expect(withFieldText({ spec: { devices: { x: 1 } } }, masquerade, '')).toEqual({
    spec: { devices: { x: 1 } },
  });
});
