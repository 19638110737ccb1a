import type { ObjectKey } from '../../../client/KubeClient.ts';
import type { Exported } from './ExportSources.ts';
import type { ExportLinks } from './resources.ts';

/** Path of an export at the proxy (pkg/virt-exportproxy, d923fdb). */
const exportPath = ({ namespace, name }: ObjectKey) =>
  `/api/export.kubevirt.io/v1/namespaces/${namespace ?? ''}/virtualmachineexports/${name}`;

/** The files of a volume at the proxy: by format, the path after that of the volume. */
const formatPaths = {
  disk: { raw: 'disk.img', gzip: 'disk.img.gz' },
  archive: { dir: 'dir/', 'tar.gz': 'disk.tar.gz' },
} as const;

type Side = 'internal' | 'external';

/**
 * Where an export can be downloaded. `origins`: the proxy's address as it is reached from guests and from
 * this machine. It speaks plain HTTP on the loopback interface, so there is no certificate to trust.
 */
export function exportLinks(
  key: ObjectKey,
  exported: Exported,
  origins: Readonly<Record<Side, string>>,
): ExportLinks {
  const link = (side: Side) => {
    const base = `${origins[side]}${exportPath(key)}`;
    return {
      cert: '',
      volumes: exported.volumes.map(({ name, kind }) => ({
        name,
        formats: Object.entries(formatPaths[kind]).map(([format, path]) => ({
          format,
          url: `${base}/volumes/${name}/${path}`,
        })),
      })),
      ...(exported.vm && {
        manifests: [
          { type: 'all', url: `${base}/${side}/manifests/all` },
          { type: 'auth-header-secret', url: `${base}/${side}/manifests/secret` },
        ],
      }),
    };
  };
  return { internal: link('internal'), external: link('external') };
}
