import { open } from 'node:fs/promises';

/** One value that a guest is told of its host (`host`) or of itself (`vm`). */
export interface DownwardMetric {
  name: string;
  context: 'host' | 'vm';
  type: 'real64' | 'int64' | 'uint64' | 'string';
  value: string | number;
  unit?: 's' | 'KiB';
}

const diskBytes = 262_144;
const headerBytes = 16;
/** As the guest's tool, vm-dump-metrics, allows. */
const longestBody = diskBytes - 24;

/**
 * Writes metrics to a disk in the format of vhostmd, which is made when it is not there: a header of signature, busy
 * flag, checksum and length, then XML. KubeVirt: pkg/downwardmetrics/vhostmd/disk.go (268eec6).
 */
export async function writeVhostmd(
  path: string,
  metrics: readonly DownwardMetric[],
): Promise<void> {
  const body = Buffer.from(metricsXml(metrics), 'utf8');
  if (body.length > longestBody) throw new Error(`${body.length} bytes of metrics are too many`);
  const header = (busy: number) => {
    const bytes = Buffer.alloc(headerBytes);
    bytes.write('mvbd', 'latin1');
    bytes.writeInt32BE(busy, 4);
    bytes.writeInt32BE(
      body.reduce((sum, byte) => sum + byte, 0),
      8,
    );
    bytes.writeInt32BE(body.length, 12);
    return bytes;
  };
  // For reading and writing without cutting what is there: a guest reads it meanwhile.
  const file = await open(path, 'r+').catch(() => open(path, 'w+', 0o600));
  try {
    if ((await file.stat()).size < diskBytes) await file.truncate(diskBytes);
    await file.write(header(1), 0, headerBytes, 0);
    await file.write(body, 0, body.length, headerBytes);
    await file.write(header(0), 0, headerBytes, 0);
  } finally {
    await file.close();
  }
}

/** As vhostmd writes them, to a disk and to a port. */
export function metricsXml(metrics: readonly DownwardMetric[]): string {
  if (metrics.length === 0) return '<metrics></metrics>\n';
  const texts = metrics.map(({ name, context, type, value, unit }) => {
    const unitText = unit === undefined ? '' : ` unit="${unit}"`;
    const text = type === 'real64' ? Number(value).toFixed(6) : String(value);
    return [
      `  <metric type="${type}" context="${context}"${unitText}>`,
      `    <name>${name}</name>`,
      `    <value><![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]></value>`,
      '  </metric>',
    ].join('\n');
  });
  return `<metrics>\n${texts.join('\n')}\n</metrics>\n`;
}
