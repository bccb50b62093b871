/** Writes numbers and strings one behind the other. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** A whole number from 0 to 2^53 - 1, small ones in few bytes. */
  number(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** 32 bits. */
  word(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  double(value: number): void {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.number(size);
    this.#room(size);
    this.#length += this.#bytes.write(value, this.#length);
  }

  /** Of an object id, or a part of one: two digits a byte. */
  hex(value: string): void {
    this.#room(value.length / 2);
    this.#length += this.#bytes.write(value, this.#length, 'hex');
  }

  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written so far; the writer must not be used again. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what `ByteWriter` wrote. @throws {RangeError} behind the end of the bytes */
export class ByteReader {
  readonly #bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new RangeError('behind the end');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > Number.MAX_SAFE_INTEGER) throw new RangeError('a number without end');
    }
  }

  word(): number {
    this.#position += 4;
    return this.#bytes.readUInt32LE(this.#position - 4);
  }

  double(): number {
    this.#position += 8;
    return this.#bytes.readDoubleLE(this.#position - 8);
  }

  text(): string {
    const size = this.number();
    return this.#bytes.toString('utf8', this.#position, this.#pass(size));
  }

  /** @param size bytes */
  hex(size: number): string {
    return this.#bytes.toString('hex', this.#position, this.#pass(size));
  }

  /** A part of the bytes, not a copy. */
  raw(size: number): Buffer {
    return this.#bytes.subarray(this.#position, this.#pass(size));
  }

  /** @returns where the next `size` bytes end */
  #pass(size: number): number {
    const end = this.#position + size;
    if (end > this.#bytes.length) throw new RangeError('behind the end');
    this.#position = end;
    return end;
  }
}
