import { ApplianceError } from '~/kubevirt/create/appliance/ApplianceError';

/** A file in an archive: where its content begins, and how many bytes it has. */
export interface TarFile {
  name: string;
  from: number;
  bytes: number;
}

const blockBytes = 512;
/** Long names and the like are short; more is no such header. */
const maxHeaderBytes = 1 << 20;

const toBlocks = (bytes: number) => Math.ceil(bytes / blockBytes) * blockBytes;

function textAt(block: Uint8Array, from: number, length: number): string {
  const part = block.subarray(from, from + length);
  const end = part.indexOf(0);
  return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
}

/** A number in octal digits, or, where it is too large for these, in binary (GNU tar). */
function numberAt(block: Uint8Array, from: number, length: number): number {
  if (((block[from] ?? 0) & 0x80) === 0) {
    return Number.parseInt(textAt(block, from, length).trim() || '0', 8);
  }
  let value = (block[from] ?? 0) & 0x7f;
  for (let at = from + 1; at < from + length; at += 1) value = value * 256 + (block[at] ?? 0);
  return value;
}

function hasChecksum(block: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < blockBytes; at += 1) {
    sum += at >= 148 && at < 156 ? 32 : (block[at] ?? 0);
  }
  return sum === numberAt(block, 148, 8);
}

/** The records `length key=value` of a pax header. */
function paxRecords(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(new TextDecoder().decode(content.subarray(at, space)));
    if (space < 0 || !(length > 0)) break;
    const record = new TextDecoder().decode(content.subarray(space + 1, at + length - 1));
    const [key = ''] = record.split('=', 1);
    records.set(key, record.slice(key.length + 1));
    at += length;
  }
  return records;
}

/**
 * The files of a tar archive (POSIX.1-2001 pax and ustar; GNU's long names and large numbers). Of the
 * archive nothing is read but the headers. Rejects with an ApplianceError when it is none, or is cut off.
 */
export async function readTar(archive: Blob): Promise<TarFile[]> {
  const read = async (from: number, bytes: number) =>
    new Uint8Array(await archive.slice(from, from + bytes).arrayBuffer());
  const files: TarFile[] = [];
  let long: { name?: string | undefined; bytes?: number } = {};
  let at = 0;
  while (at + blockBytes <= archive.size) {
    const block = await read(at, blockBytes);
    // A block of zeros ends it.
    if (block.every((byte) => byte === 0)) return files;
    if (!hasChecksum(block)) throw new ApplianceError(at === 0 ? 'noTar' : 'cut');
    const type = String.fromCharCode(block[156] ?? 0);
    const isUstar = textAt(block, 257, 5) === 'ustar';
    const prefix = isUstar && type !== 'x' ? textAt(block, 345, 155) : '';
    const bytes = long.bytes ?? numberAt(block, 124, 12);
    const from = at + blockBytes;
    at = from + toBlocks(bytes);
    const isHeader = type === 'L' || type === 'x';
    if (isHeader) {
      if (bytes > maxHeaderBytes) throw new ApplianceError('noTar');
      const content = await read(from, bytes);
      if (type === 'L') long = { ...long, name: textAt(content, 0, content.length) };
      else {
        const records = paxRecords(content);
        const size = records.get('size');
        long = {
          name: records.get('path') ?? long.name,
          ...(size !== undefined && { bytes: Number(size) }),
        };
      }
      continue;
    }
    const short = textAt(block, 0, 100);
    const name = long.name ?? (prefix === '' ? short : `${prefix}/${short}`);
    long = {};
    if (type === '0' || type === '\0') {
      if (from + bytes > archive.size) throw new ApplianceError('cut', name);
      files.push({ name, from, bytes });
    }
  }
  if (files.length === 0) throw new ApplianceError('noTar');
  if (at < archive.size) throw new ApplianceError('cut');
  return files;
}
