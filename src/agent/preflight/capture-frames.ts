import type { Host } from "../../host/host.js";
import { type Frame, framesIn } from "../../preflight/ethernet-dump.js";
import { attempt } from "./attempt.js";

/** Bytes kept of a frame, which hold every header; KiB of the kernel's ring. */
const limits = { snap: "128", ring: "512" };

/**
 * Frames that pass a device within so many seconds, and no more than `most`; null where they could not be watched. The
 * device takes in what is not addressed to it meanwhile: adverts to all come to it whether it asked for them or not.
 */
export async function captureFrames(
  host: Pick<Host, "run">,
  device: string,
  filter: string,
  { seconds, most }: { readonly seconds: number; readonly most: number },
): Promise<readonly Frame[] | null> {
  // timeout(1) ends by itself, and tcpdump with it: nothing outlives the agent for longer.
  const argv = [
    ...["timeout", "--signal=INT", String(seconds), "setpriv", "--pdeathsig", "KILL"],
    ...["tcpdump", "-Z", "root", "--immediate-mode", "-i", device, "-n", "-tt", "-xx"],
    ...["-s", limits.snap, "-B", limits.ring, "-c", String(most), filter],
  ];
  const result = await attempt(host, argv, { timeout: seconds * 1_000 + 3_000 });
  return result !== null && /listening on/.test(result.stderr) ? framesIn(result.stdout) : null;
}
