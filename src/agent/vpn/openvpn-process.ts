import type { Host } from "../../host/host.js";
import type { VpnManagement, VpnServer } from "../../topology/cluster.js";

/**
 * Whether OpenVPN has its clients' device: one that nobody holds has no carrier (tun.c in the kernel), where it does not go with
 * whoever made it.
 */
export async function holdsDevice(host: Pick<Host, "run">, { device }: VpnServer): Promise<boolean> {
  const { exitCode, stdout } = await host.run(["ip", "-oneline", "link", "show", "dev", device]);
  return exitCode === 0 && /[<,]LOWER_UP[,>]/.test(stdout);
}

/** The password of the file that the topology names; null where it names none, or there is none. */
export async function managementPassword(
  host: Pick<Host, "read">,
  { passwordFile }: VpnManagement,
): Promise<string | null> {
  if (passwordFile === null) return null;
  const [line = ""] = ((await host.read(passwordFile)) ?? "").split("\n");
  return line === "" ? null : line;
}
