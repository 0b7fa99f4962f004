import {
  bits,
  formatIp,
  type Ip,
  type Prefix,
  parseIp,
  parsePrefix,
  whyUnusable,
} from "../topology/address.js";

/** A machine's address, and how long the prefix is that it stands in if that is written beside it. */
export interface Standing {
  readonly ip: Ip;
  /** Null where none is written, or one that holds this address alone. */
  readonly prefix: number | null;
}

/** Reads `10.0.1.2` or `10.0.1.2/24`; null when no machine can have it. */
export function readStanding(text: string): Standing | null {
  const [address = "", length, ...rest] = text.split("/");
  const parsed = parseIp(address);
  if (rest.length > 0 || !("value" in parsed) || whyUnusable(parsed.value) !== null) return null;
  const ip = parsed.value;
  if (length === undefined) return { ip, prefix: null };
  if (!/^[0-9]{1,3}$/.test(length)) return null;
  const prefix = Number(length);
  if (prefix === 0 || prefix > bits(ip.family)) return null;
  return { ip, prefix: prefix === bits(ip.family) ? null : prefix };
}

export function readIp(text: string): Ip | null {
  const parsed = parseIp(text);
  return "value" in parsed && whyUnusable(parsed.value) === null ? parsed.value : null;
}

/** The network that an address with its prefix length stands in. */
export function networkOf(ip: Ip, prefix: number): Prefix | null {
  const host = (1n << BigInt(bits(ip.family) - prefix)) - 1n;
  return readPrefix(`${formatIp(ip.family, ip.value & ~host)}/${prefix}`);
}

/** Reads a prefix, or a single address as one that holds it alone. */
export function readPrefix(text: string): Prefix | null {
  const parsed = parsePrefix(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
  return "value" in parsed ? parsed.value : null;
}
