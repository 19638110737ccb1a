import { expect, test } from 'vitest';
import { dependencies, inLoadOrder } from './kernelModules.ts';

test('reads what a module needs from its modinfo', () => {
  const module = Buffer.from('ELF\0license=GPL\0depends=virtio,virtio_ring\0retpoline=Y\0');
  expect(dependencies(module)).toEqual(['virtio', 'virtio_ring']);
  expect(dependencies(Buffer.from('x\0depends=\0y'))).toEqual([]);
});

test('puts every module after what it needs, once', () => {
  const needs: Record<string, string[]> = { blk: ['ring', 'virtio'], virtio: [], ring: ['virtio'] };
  const find = (name: string) =>
    needs[name] === undefined ? undefined : { file: `${name}.ko`, needs: needs[name] };
  expect(inLoadOrder(['blk', 'virtio', 'absent'], find)).toEqual([
    'virtio.ko',
    'ring.ko',
    'blk.ko',
  ]);
});
