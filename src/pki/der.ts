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
