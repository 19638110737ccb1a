/** For tests: a tar archive (ustar) with these files, as text or blobs. */
export function tarOf(files: readonly (readonly [name: string, content: string | Blob])[]): Blob {
  const parts: BlobPart[] = [];
  for (const [name, content] of files) {
    const blob = typeof content === 'string' ? new Blob([content]) : content;
    parts.push(tarHeader(name, blob.size), blob, new Uint8Array((512 - (blob.size % 512)) % 512));
  }
  return new Blob([...parts, new Uint8Array(1024)]);
}

export function tarHeader(name: string, bytes: number, type = '0'): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(512);
  const write = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  write(0, name.slice(0, 100));
  write(100, '0000644\0' + '0000000\0'.repeat(2));
  if (bytes < 8 ** 11) write(124, `${bytes.toString(8).padStart(11, '0')}\0`);
  else {
    header[124] = 0x80;
    new DataView(header.buffer).setBigUint64(128, BigInt(bytes));
  }
  write(136, '00000000000\0        ');
  write(156, type);
  write(257, 'ustar\x0000');
  const sum = header.reduce((all, byte) => all + byte, 0);
  write(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}
