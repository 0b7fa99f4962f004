import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { type Patience, until } from "./patience.js";

/** Milliseconds for one answer. A table of many entries keeps conntrackd busy. */
const answerWithin = 3_000;

/** conntrackd's words (1.4.7) where none runs, after it has read its file. */
const notRunning = "can't connect: is conntrackd running?";

/** Each line begins with the time and the process. */
const preamble = /^\[[^\]]*\] \(pid=\d+\) (\[\w+\] )?/;

/**
 * What conntrackd says against a file; null when nothing. It has no option to check one, but reads it before it asks a
 * running conntrackd how it is. What is no address or no device of this machine it calls a warning, and would then sit
 * there deaf: nothing it says is passed over.
 */
export async function checkConntrackd(host: Pick<Host, "run">, staged: string): Promise<string | null> {
  const { stderr } = await host
    .run(["conntrackd", "-C", staged, "-s"], { timeout: answerWithin })
    .catch((error: unknown) => ({ stderr: error instanceof Error ? error.message : String(error) }));
  const complaints = stderr
    .split("\n")
    .map((line) => line.replace(preamble, "").trim())
    .filter((line) => line !== "" && !line.startsWith(notRunning));
  return complaints.length === 0 ? null : complaints.join("\n");
}

/** Returns once conntrackd answers. */
export const awaitConntrackd = (host: Host, patience: Patience): Promise<void> =>
  until(async () => {
    const argv = ["conntrackd", "-C", paths.conntrackdConf, "-s"];
    const { exitCode, stderr } = await host.run(argv, { timeout: answerWithin });
    return exitCode === 0 ? null : `conntrackd does not answer: ${stderr.trim()}`;
  }, patience);
