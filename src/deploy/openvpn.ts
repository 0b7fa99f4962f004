import type { Host } from "../host/host.js";
import { openvpnService } from "../render/vpn/vpn-services.js";

/**
 * Null where OpenVPN would take a file, else its words. It has no switch for that, but before it prints a list
 * (openvpn(8), `show-digests`) it reads all options as for a start, and looks for the files that they name.
 */
export async function checkOpenvpn(
  host: Pick<Host, "run">,
  path: string,
  staged: string,
): Promise<string | null> {
  // Settings of one client: the server reads them at a login, and ends for nothing in them.
  if (openvpnService(path) === null) return null;
  const { exitCode, stdout, stderr } = await host.run(["openvpn", "--config", staged, "--show-digests"]);
  if (exitCode === 0) return null;
  return (
    `${stderr}${stdout}`.replace(/^Use --help for more information\.$/m, "").trim() || `exit code ${exitCode}`
  );
}
