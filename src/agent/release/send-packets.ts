import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";

const program = fileURLToPath(new URL("../../../programs/send-packets.pl", import.meta.url));

/** A second. A thousand are sent within 100 ms, and twenty thousand are 7 Mbit/s for two seconds. */
const pace = 10_000;

/**
 * Sends whole IP packets from this machine, whatever source they claim; resolves to how many the kernel took. Throws
 * when none could be sent. Perl because Node has no raw sockets, and every Debian has Perl.
 */
export async function sendPackets(host: Pick<Host, "run">, packets: readonly Buffer[]): Promise<number> {
  if (packets.length === 0) return 0;
  const stdin = packets.map((packet) => `${packet.toString("hex")}\n`).join("");
  const timeout = 5_000 + (1_000 * packets.length) / pace;
  const { exitCode, stdout, stderr } = await host.run(["perl", program, String(pace)], { stdin, timeout });
  if (exitCode !== 0) throw new Error(`send-packets.pl: ${stderr.trim()}`);
  return Number.parseInt(stdout, 10);
}
