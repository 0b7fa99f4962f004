import { readFileSync } from "node:fs";

/**
 * The system's tables of TCP connections over these families, one behind the other. Each takes some milliseconds even
 * where it has few: the system walks through all places that it has for connections.
 */
export const tcpTables = (families: ReadonlySet<number>): string =>
  [...families].map((family) => tableOf(family === 6 ? "tcp6" : "tcp")).join("");

// At once: what was written up to here, and nothing else, is what the table is about.
function tableOf(name: string): string {
  try {
    return readFileSync(`/proc/self/net/${name}`, "latin1");
  } catch {
    return "";
  }
}
