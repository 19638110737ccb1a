/** One entry of an archive; paths have no leading slash. */
export type CpioEntry =
  | { path: string; kind: 'directory' }
  | { path: string; kind: 'file'; content: Buffer; executable: boolean }
  | { path: string; kind: 'link'; target: string };

/**
 * An archive in the "new ASCII" format, which the Linux kernel unpacks as its first root
 * (Documentation/driver-api/early-userspace/buffer-format.rst). All belongs to root.
 */
export function cpio(entries: CpioEntry[]): Buffer {
  const records = entries.map((entry, index) =>
    record(entry.path, index + 1, mode(entry), body(entry)),
  );
  return Buffer.concat([...records, record('TRAILER!!!', 0, 0, Buffer.alloc(0))]);
}

function mode(entry: CpioEntry): number {
  switch (entry.kind) {
    case 'directory':
      return 0o040755;
    case 'file':
      return entry.executable ? 0o100755 : 0o100644;
    case 'link':
      return 0o120777;
  }
}

function body(entry: CpioEntry): Buffer {
  if (entry.kind === 'directory') return Buffer.alloc(0);
  return entry.kind === 'file' ? entry.content : Buffer.from(entry.target);
}

function record(path: string, inode: number, bits: number, content: Buffer): Buffer {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, bits, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((n) => n.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([pad(Buffer.concat([Buffer.from(header), name])), pad(content)]);
}

function pad(part: Buffer): Buffer {
  const rest = part.length % 4;
  return rest === 0 ? part : Buffer.concat([part, Buffer.alloc(4 - rest)]);
}
