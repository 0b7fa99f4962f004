import type { Host } from "../host/host.js";
import { vpnPaths } from "../render/vpn/places.js";

/** What no server may announce: a way to everywhere, and networks for measurements (RFC 2544). */
const lies = ["0.0.0.0/0", "198.18.0.0/15"];

/** Beside the server's own file, which stays as it is: its agent would tell of that, and might put it right. */
const file = "/run/holdfast-lab-lies.conf";
const owner = { mode: 0o644, user: "root", group: "root" };

/** Has BIRD announce lies, and whatever else it knows. */
export async function announceLies(host: Host): Promise<void> {
  const body = await host.read(vpnPaths.bird);
  if (body === null) throw new Error(`there is no ${vpnPaths.bird}: this is no VPN server yet`);
  const filter = "filter to_peers4 {";
  if (!body.includes(filter)) throw new Error(`${vpnPaths.bird} has no ${filter}`);
  const routes = lies.map((prefix) => `    route ${prefix} unreachable;\n`).join("");
  const text = `${body.replace(filter, `${filter} accept;`)}\nprotocol static lies {\n    ipv4;\n${routes}}\n`;
  await host.swap(await host.stage(file, text, owner), file);
  await configure(host, `"${file}"`);
}

export const announceTruth = (host: Host): Promise<void> => configure(host);

async function configure(host: Host, ...words: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await host.run(["birdc", "configure", ...words]);
  if (exitCode !== 0 || !/Reconfigur/.test(stdout)) throw new Error(`birdc configure: ${stdout}${stderr}`);
}
