import type { Host } from "../../host/host.js";
import { distributions, type Engines, haproxyVersion, usual } from "../../render/engines.js";

/**
 * The versions on this machine of the engines on which rendered files depend. One that is not there, or does not say
 * its version, is taken for the oldest: its own checker then says what is wrong.
 */
export async function installedEngines({ run }: Pick<Host, "run">): Promise<Engines> {
  const said = await run(["haproxy", "-v"], { timeout: 5_000 }).catch(() => null);
  return { haproxy: haproxyVersion(said?.stdout ?? "") ?? distributions[usual].haproxy };
}
