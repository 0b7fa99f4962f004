import { parseIp } from "../topology/address.js";

/** An address as the topology's are written; what is none stays as it is. */
export function canonical(address: string): string {
  const parsed = parseIp(address);
  return "value" in parsed ? parsed.value.text : address;
}
