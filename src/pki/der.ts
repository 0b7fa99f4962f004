/** A DER INTEGER (X.690, 8.3) of a number that is not negative, given in hexadecimal. */
export function derInteger(hex: string): Buffer {
  const digits = hex.replace(/^0+(?=.)/, "");
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  const [first = 0] = bytes;
  // A leading zero byte where the highest bit would say "negative".
  const value = first >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, value.length), value]);
}

/** The number in a DER INTEGER of at most six bytes; null for anything else. */
export function numberInDer(der: Uint8Array): number | null {
  const bytes = Buffer.from(der);
  const [tag, length = 0] = bytes;
  if (tag !== 0x02 || length < 1 || length > 6 || bytes.length !== 2 + length) return null;
  return bytes.readUIntBE(2, length);
}

/** One value in DER: its tag, and what it holds (X.690, 8.1). */
export interface DerValue {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** The values that stand one behind the other. Ends where one is cut off, or longer than 4 GiB could be. */
export function* derValues(der: Uint8Array): Generator<DerValue> {
  const bytes = Buffer.from(der);
  let at = 0;
  while (at + 2 <= bytes.length) {
    const [tag, short] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    // X.690, 8.1.3.5: from 0x80 on it is the number of bytes in which the length stands.
    const size = short < 0x80 ? 0 : short - 0x80;
    const begins = at + 2 + size;
    if (size > 4 || begins > bytes.length) return;
    const length = size === 0 ? short : bytes.readUIntBE(at + 2, size);
    if (begins + length > bytes.length || short === 0x80) return;
    yield { tag, body: bytes.subarray(begins, begins + length) };
    at = begins + length;
  }
}
