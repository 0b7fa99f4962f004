import type { Host } from "../host/host.js";

interface Neighbour {
  readonly dst?: string;
  readonly dev?: string;
  readonly state?: readonly string[];
}

/** Reads `ip -json neighbour show`: addresses by device, those that answered most lately first. */
export function parseNeighbours(json: string): Map<string, string[]> {
  const rank = ["REACHABLE", "DELAY", "PROBE", "STALE"];
  const entries: readonly Neighbour[] = JSON.parse(json);
  const usable = entries.flatMap(({ dst, dev, state }) => {
    const place = rank.indexOf(state?.[0] ?? "");
    return dst === undefined || dev === undefined || place < 0 ? [] : [{ dst, dev, place }];
  });
  const byDevice = new Map<string, string[]>();
  for (const { dst, dev } of usable.sort((a, b) => a.place - b.place))
    byDevice.set(dev, [...(byDevice.get(dev) ?? []), dst]);
  return byDevice;
}

/** The kernel's neighbours (ip-neighbour(8)) by device. */
export async function readNeighbours(host: Host): Promise<Map<string, string[]>> {
  const { stdout, exitCode } = await host.run(["ip", "-json", "neighbour", "show"], { timeout: 2_000 });
  return exitCode === 0 ? parseNeighbours(stdout) : new Map();
}
