import { setImmediate as breathe } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";

const program = fileURLToPath(new URL("../../../programs/send-packets.pl", import.meta.url));

/** A second, after a first thousand at once: 14 Mbit/s of an Ethernet. */
const pace = 20_000;

/** Packets that are made before other work has its turn: 5 ms or so. */
const chunk = 500;

/**
 * Sends whole IP packets from this machine, whatever source they claim; resolves to how many the kernel took. Throws
 * when none could be sent. Perl because Node has no raw sockets, and every Debian has Perl; it starts at once, while the
 * packets are still being made.
 *
 * @param most how many they are at most
 */
export async function sendPackets(
  host: Pick<Host, "run">,
  packets: Iterable<Buffer> | AsyncIterable<Buffer>,
  most: number,
): Promise<number> {
  const timeout = 5_000 + (1_000 * most) / pace;
  const { exitCode, stdout, stderr } = await host.run(["perl", program, String(pace)], {
    stdin: lines(packets),
    urgent: true,
    timeout,
  });
  if (exitCode !== 0) throw new Error(`send-packets.pl: ${stderr.trim()}`);
  return Number.parseInt(stdout, 10);
}

async function* lines(packets: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<string> {
  let made: string[] = [];
  for await (const packet of packets) {
    if (made.push(packet.toString("hex")) < chunk) continue;
    yield `${made.join("\n")}\n`;
    made = [];
    await breathe();
  }
  if (made.length > 0) yield `${made.join("\n")}\n`;
}
