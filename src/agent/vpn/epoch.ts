import type { Host } from "../../host/host.js";
import { paths } from "../../render/paths.js";

const file = `${paths.stateDir}/vpn-epoch`;

/** A number greater than at any earlier start of this server's agent, whatever its clock says. */
export async function nextEpoch(host: Pick<Host, "read" | "stage" | "swap" | "now">): Promise<number> {
  const before = Number(/^\d{1,15}\n$/.exec((await host.read(file)) ?? "")?.[0] ?? 0);
  const epoch = Math.max(before + 1, Math.floor(host.now() / 1_000));
  const attributes = { mode: 0o600, user: "root", group: "root" };
  await host.swap(await host.stage(file, `${epoch}\n`, attributes), file);
  return epoch;
}
