import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { type AddressQuestion, addressProbe } from "../../preflight/address-probe.js";
import type { Link } from "../../preflight/devices.js";
import { attempt } from "./attempt.js";

const program = fileURLToPath(new URL("../../../programs/send-frames.pl", import.meta.url));

/** A few times, as a frame may be lost; milliseconds between. */
const times = 3;
const between = 900;

/** Asks who has these addresses. @returns for each why it was not asked for; null where it was */
export async function askAddresses(
  host: Host,
  questions: readonly AddressQuestion[],
  links: readonly Link[],
): Promise<(string | null)[]> {
  const frames = questions.map((question) => {
    const link = links.find(({ name }) => name === question.device);
    if (link === undefined) return "there is no such device";
    const bytes = addressProbe(question, link);
    if (bytes !== null) return `${link.index} ${bytes.toString("hex")}\n`;
    return question.family === 4 ? "it is no Ethernet" : "it has no link-local address to ask from";
  });
  const askable = frames.filter((frame) => frame.endsWith("\n"));
  if (askable.length === 0) return frames;
  const argv = ["perl", program, String(times), String(between)];
  const result = await attempt(host, argv, { stdin: askable.join("") });
  const said = result?.exitCode === 0 ? result.stdout.split("\n") : null;
  return frames.map((frame) => {
    if (!frame.endsWith("\n")) return frame;
    if (said === null) return result?.stderr.trim() || "no frame could be sent";
    const [, sent, words] = /^(\d+) ?(.*)$/.exec(said.shift() ?? "") ?? [];
    return Number(sent ?? 0) > 0 ? null : words || "the kernel took no frame";
  });
}
