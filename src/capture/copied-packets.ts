import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CaptureProgram } from "./capture.js";

const program = fileURLToPath(new URL("../../programs/copy-packets.pl", import.meta.url));

/** An IP packet that the kernel put together, with what the format puts before it. */
const longest = 65_536 + 512;

/**
 * Copies what arrives here, whole and many packets at a time. See the program's own words for why it is not tcpdump, which
 * only translates the filter.
 *
 * @param filter pcap-filter(7), of IP packets: it knows no directions and no devices
 * @param families those of the packets
 * @param buffer KiB that the kernel may hold; each packet counts with some hundred bytes of its own
 */
export async function copiedPackets(
  filter: string,
  families: readonly (4 | 6)[],
  buffer: number,
): Promise<CaptureProgram> {
  const { stdout } = await promisify(execFile)("tcpdump", ["-ddd", "-y", "RAW", filter], { timeout: 10_000 });
  return { argv: ["perl", program, String(buffer), families.join(",")], stdin: stdout, snap: longest };
}
