import { Refusal } from '../../loopback/Refusal.ts';

/** The content of the field `file` of a form that is sent as multipart/form-data, as it comes. */
export async function* filePart(
  body: AsyncIterable<Buffer>,
  contentType: string,
): AsyncGenerator<Buffer> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType);
  if (!boundary) throw new FormError('no multipart boundary param in Content-Type');
  // As if a line end came before the first part too.
  let rest = Buffer.from('\r\n');
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2] ?? ''}`);
  let inFile = false;
  let seen = false;
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const at = rest.indexOf(delimiter);
      if (at < 0) {
        // The end may hold the first bytes of a delimiter.
        const sure = rest.length - delimiter.length;
        if (sure > 0) {
          if (inFile) yield rest.subarray(0, sure);
          rest = rest.subarray(sure);
        }
        break;
      }
      const end = rest.indexOf('\r\n\r\n', at + delimiter.length);
      const last = rest.subarray(at + delimiter.length, at + delimiter.length + 2);
      if (end < 0 && last.toString() !== '--') break;
      if (inFile) {
        if (at > 0) yield rest.subarray(0, at);
        return;
      }
      if (last.toString() === '--') break;
      const head = rest.subarray(at + delimiter.length, end).toString('utf8');
      inFile = /name="?file"?(;|\s|$)/im.test(head);
      seen ||= inFile;
      rest = rest.subarray(end + 4);
    }
  }
  throw new FormError(seen ? 'unexpected EOF' : 'there is no field "file" in the form');
}

/** The form is not as it should be. */
class FormError extends Refusal {
  constructor(message: string) {
    super(400, message);
  }
}
