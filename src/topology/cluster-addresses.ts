import { type Ip, type Parsed, type Prefix, parseIp, parsePrefix } from "./address.js";
import type { Cidr } from "./cluster.js";

/** Addresses of a Cluster are valid by construction: a refusal here is a defect. */
export const ip = (text: string): Ip => readable(parseIp(text), text);
export const prefix = (text: string): Prefix => readable(parsePrefix(text), text);
export const prefixOf = (cidr: Cidr): Prefix => prefix(`${cidr.address}/${cidr.prefix}`);

function readable<T>(parsed: Parsed<T>, text: string): T {
  if ("value" in parsed) return parsed.value;
  throw new Error(`${text}: ${parsed.refused}`);
}
