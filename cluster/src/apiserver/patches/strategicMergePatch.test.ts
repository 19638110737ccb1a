import { expect, test } from 'vitest';
import { builtinStructure, objectMeta } from '../field-management/builtinStructure.ts';
import { strategicMergePatch } from './strategicMergePatch.ts';

const pod = builtinStructure['Pod'];
const service = builtinStructure['Service'];
const container = (name: string, more: object = {}) => ({ name, ...more });
const withContainers = (...containers: object[]) => ({ spec: { containers } });

test('entries are merged by their key, and others stay', () => {
  const target = withContainers(container('a', { image: '1' }), container('b'));
  expect(strategicMergePatch(pod, target, withContainers(container('a', { tty: true })))).toEqual(
    withContainers(container('a', { image: '1', tty: true }), container('b')),
  );
});

test('a port of a service goes by port, one of a container by containerPort', () => {
  const ports = (...list: object[]) => ({ spec: { ports: list } });
  expect(
    strategicMergePatch(service, ports({ port: 80, name: 'a' }), ports({ port: 80, name: 'b' })),
  ).toEqual(ports({ port: 80, name: 'b' }));
  const target = withContainers(container('a', { ports: [{ containerPort: 1 }] }));
  const patch = withContainers(container('a', { ports: [{ containerPort: 1, hostPort: 2 }] }));
  expect(strategicMergePatch(pod, target, patch)).toEqual(
    withContainers(container('a', { ports: [{ containerPort: 1, hostPort: 2 }] })),
  );
});

test('$patch deletes an entry, replaces a list, an object, or merges', () => {
  const target = withContainers(container('a'), container('b'));
  expect(strategicMergePatch(pod, target, withContainers({ name: 'a', $patch: 'delete' }))).toEqual(
    withContainers(container('b')),
  );
  expect(
    strategicMergePatch(pod, target, withContainers({ $patch: 'replace' }, container('c'))),
  ).toEqual(withContainers(container('c')));
  expect(strategicMergePatch(pod, target, { spec: { $patch: 'replace', x: 1 } })).toEqual({
    spec: { x: 1 },
  });
  expect(strategicMergePatch(pod, { spec: { y: 1 } }, { spec: { $patch: 'merge', x: 1 } })).toEqual(
    {
      spec: { x: 1, y: 1 },
    },
  );
  expect(() => strategicMergePatch(pod, {}, { $patch: 'turn' })).toThrow('Unknown patch type');
});

test('$setElementOrder sorts what it names, and keeps the rest where it was', () => {
  const target = withContainers(container('a'), container('x'), container('b'));
  const patch = {
    spec: {
      '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }, { name: 'a' }],
      containers: [container('c')],
    },
  };
  const { spec } = strategicMergePatch(pod, target, patch) as {
    spec: { containers: { name: string }[] };
  };
  expect(spec.containers.map(({ name }) => name)).toEqual(['x', 'b', 'c', 'a']);
});

test('lists of plain values are sets where the schema says so', () => {
  const schema = { type: 'object', properties: { metadata: objectMeta } } as const;
  const target = { metadata: { finalizers: ['a', 'b'] } };
  const patch = {
    metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c', 'b'] },
  };
  expect(strategicMergePatch(schema, target, patch)).toEqual({
    metadata: { finalizers: ['b', 'c'] },
  });
});

test('$retainKeys drops what it does not name', () => {
  const deployment = builtinStructure['Deployment'];
  const target = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: {} } } };
  const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
  expect(strategicMergePatch(deployment, target, patch)).toEqual({
    spec: { strategy: { type: 'Recreate' } },
  });
});

test('other lists are replaced, and null removes', () => {
  const target = { spec: { tolerations: [{ key: 'a' }], nodeName: 'n' } };
  const patch = { spec: { tolerations: [{ key: 'b' }], nodeName: null } };
  expect(strategicMergePatch(pod, target, patch)).toEqual({
    spec: { tolerations: [{ key: 'b' }] },
  });
});

test('an entry without its key is refused', () => {
  expect(() => strategicMergePatch(pod, {}, withContainers({ image: 'x' }))).toThrow(
    'does not contain declared merge key: name',
  );
});

test('the selector of a disruption budget is replaced as a whole', () => {
  const budget = (selector: object) => ({ spec: { selector } });
  const target = budget({ matchLabels: { app: 'web', tier: 'front' } });
  const patch = budget({ matchLabels: { app: 'db' } });
  expect(strategicMergePatch(builtinStructure['PodDisruptionBudget'], target, patch)).toEqual(
    patch,
  );
});
