import { fileURLToPath } from "node:url";
import { addressBytes } from "../../packet/address.js";
import { checksum, pseudoHeader } from "../../packet/checksum.js";
import { ipHeader, protocols } from "../../packet/ip.js";
import { vantageOf } from "../vantage.js";
import { atOnce, type Fault } from "./fault.js";

export interface SynFlood {
  /** A second. */
  readonly packets: number;
  readonly seconds: number;
}

const program = fileURLToPath(new URL("../../../programs/send-packets.pl", import.meta.url));

/** Nobody has these: the last byte of the address beside whom they claim to stand. */
const [firstSource, sources] = [150, 100];
const [syn, header, window] = [0x02, 20, 0xffff];

/** Beginnings of connections to the first service, from addresses near its clients' at which nobody is. */
export const synFlood = ({ packets, seconds }: SynFlood): Fault => ({
  undoing: "the flood is over, and the entries that it left are dropped",
  on({ active }) {
    let flood: Promise<{ readonly stdout: string }> = Promise.resolve({ stdout: "" });
    return {
      ...{ text: `${packets} SYN a second for ${seconds} s`, machine: null, network: null },
      inject: atOnce(async ({ lab }) => {
        const [service] = lab.cluster.services;
        if (service === undefined) throw new Error(`${lab.cluster.name} has no service to attack`);
        const seen = vantageOf(lab.cluster, service);
        const machine = lab.machine(seen.machine);
        const own = Object.values(machine.addresses).flat();
        const beside = own.find((address) => address.includes(":") === seen.address.includes(":"));
        if (beside === undefined) throw new Error(`${machine.name} has no address of the service's family`);
        const sent = machine.host.run(["perl", program, String(packets), "0"], {
          stdin: hexadecimal(beside, seen, packets * seconds),
          timeout: seconds * 1_000 + 10_000,
        });
        sent.catch(() => undefined); // `missed` sees the failure.
        flood = sent;
      }),
      async missed() {
        const said = (await flood).stdout.trim();
        return said === String(packets * seconds)
          ? null
          : `${packets * seconds} packets, and sent were ${said}`;
      },
      async undo({ lab }) {
        for (const state of ["SYN_SENT", "SYN_RECV"])
          await lab.machine(active).exec(["conntrack", "-D", "-p", "tcp", "--state", state]);
        await flood.catch(() => undefined);
      },
    };
  },
});

function hexadecimal(
  beside: string,
  { address, port }: { readonly address: string; readonly port: number },
  count: number,
): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const from = addressBytes(beside);
    from[from.length - 1] = firstSource + (index % sources);
    return `${beginning(from, 1_024 + (index % 60_000), addressBytes(address), port).toString("hex")}\n`;
  });
  return lines.join("");
}

/** RFC 9293, 3.1: SYN and nothing else. */
function beginning(source: Buffer, sourcePort: number, target: Buffer, port: number): Buffer {
  const segment = Buffer.alloc(header);
  segment.writeUInt16BE(sourcePort, 0);
  segment.writeUInt16BE(port, 2);
  segment.writeUInt16BE(((header / 4) << 12) | syn, 12);
  segment.writeUInt16BE(window, 14);
  segment.writeUInt16BE(checksum(pseudoHeader(source, target, protocols.tcp, header), segment), 16);
  return Buffer.concat([ipHeader(source, target, protocols.tcp, header), segment]);
}
