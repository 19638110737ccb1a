import { badRequest } from '../../ApiError.ts';

/** Reads the wire format: varints, 64 and 32 bit words, and bytes with their length. */
export class WireReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The next field's number and value. */
  field(): { number: number; value: number | Buffer } {
    const tag = this.varint();
    return { number: Math.floor(tag / 8), value: this.value(tag % 8) };
  }

  /** Signed; larger than 2^53 it is not exact. */
  private varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at];
      if (byte === undefined || shift > 63n) throw badRequest('the protobuf body is cut off');
      this.at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  }

  private value(wireType: number): number | Buffer {
    if (wireType === 0) return this.varint();
    const length = wireType === 2 ? this.varint() : wireType === 1 ? 8 : wireType === 5 ? 4 : -1;
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw badRequest('the protobuf body is cut off');
    const slice = this.bytes.subarray(this.at, end);
    this.at = end;
    return slice;
  }
}
