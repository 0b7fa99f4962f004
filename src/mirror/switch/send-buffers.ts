import { addressBytes } from "../../packet/address.js";

/** One end of a connection as /proc/net/tcp and tcp6 name it: words of an address as this machine has numbers, then the port. */
export function tableName(address: string, port: number): string {
  const bytes = addressBytes(address.replace(/%.*$/, ""));
  const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");
  return `${Array.from(words, (word) => hex(word, 8)).join("")}:${hex(port, 4)}`;
}

/** Both ends of a connection to somewhere. One that is broken off by now has no end here any more. */
export function tableNames(
  { localAddress, localPort }: { readonly localAddress?: string; readonly localPort?: number },
  to: { readonly address: string; readonly port: number },
): { readonly local: string; readonly remote: string } {
  return {
    local: localAddress && localPort ? tableName(localAddress, localPort) : "",
    remote: tableName(to.address, to.port),
  };
}

/** What the system holds for connections, from its tables of them (Documentation/networking/proc_net_tcp.rst in the kernel's source). */
export class SendBuffers {
  readonly #byRemote = new Map<string, ReadonlyMap<string, number>>();

  /** @param table both tables, as they were read */
  constructor(private readonly table: string) {}

  /**
   * Bytes that were written and nobody has acknowledged; null where there is no such connection any more, 0 where the
   * tables could not be read. Ends by `tableName`.
   */
  heldFor(local: string, remote: string): number | null {
    if (this.table === "") return 0;
    let held = this.#byRemote.get(remote);
    if (held === undefined) {
      held = this.#heldForAll(remote);
      this.#byRemote.set(remote, held);
    }
    return held.get(local) ?? null;
  }

  /** Number, local end, remote end, state, tx_queue: the whole table is walked once for each remote end. */
  #heldForAll(remote: string): Map<string, number> {
    const row = new RegExp(`: (\\S+) ${remote} .. ([0-9A-F]{8}):`, "g");
    const rows = this.table.matchAll(row);
    return new Map(Array.from(rows, ([, local = "", bytes = ""]) => [local, Number.parseInt(bytes, 16)]));
  }
}
