import type { Host } from "../host/host.js";
import { vpnPaths } from "../render/vpn/places.js";
import { vpnServices } from "../render/vpn/vpn-services.js";
import type { Vpn, VpnServer } from "../topology/cluster.js";
import { exchangeRoutes, tunnelsOf } from "../topology/vpn-select.js";
import { birdPeersIn } from "../vpn/bird-words.js";
import { readManifest } from "./kept-generation.js";
import { observeProcess } from "./service-process.js";
import type { NodeState, ProcessState } from "./state.js";

/** What the engines of one VPN server say of themselves. */
export interface VpnServerState extends Pick<NodeState, "name" | "drifts" | "generation"> {
  readonly kind: "vpn-server";
  /** A process a file: that of the clients, and one for each other server. */
  readonly openvpn: readonly { readonly service: string; readonly process: ProcessState }[];
  readonly bird: ProcessState;
  /** The other servers with which it exchanges routes, and whether it does. */
  readonly peers: readonly { readonly name: string; readonly established: boolean }[];
}

/** Asks every engine of one server. @param drifts what is known of where it stands otherwise than its generation: to look takes seconds */
export async function observeVpnServer(
  host: Host,
  vpn: Vpn,
  server: VpnServer,
  drifts: readonly string[],
): Promise<VpnServerState> {
  const tunnels = tunnelsOf(vpn, server);
  const files = [
    vpnPaths.server(vpn.name),
    ...tunnels.map(({ number }) => vpnPaths.tunnel(vpn.name, number)),
  ];
  const services = vpnServices(files.map((path) => ({ path })));
  const peers = tunnels.map(({ peer }) => peer).filter((peer) => exchangeRoutes(vpn, server, peer));
  const [openvpn, bird, established, manifest] = await Promise.all([
    Promise.all(
      services.map(async ({ name }) => ({ service: name, process: await observeProcess(host, name) })),
    ),
    observeProcess(host, "bird"),
    observeSessions(host),
    readManifest(host),
  ]);
  return {
    kind: "vpn-server",
    name: server.name,
    openvpn,
    bird,
    peers: peers.map(({ name }) => ({ name, established: established.has(name) })),
    drifts,
    generation: manifest && { number: manifest.number, digest: manifest.digest },
  };
}

/** One that does not answer at all. */
export const vpnServerDown = (name: string): VpnServerState => ({
  kind: "vpn-server",
  name,
  openvpn: [],
  bird: "dead",
  peers: [],
  drifts: [],
  generation: null,
});

/** Why it could not do its work, whatever its peers do; a clause each. */
export const vpnTroubles = ({ openvpn, bird }: Pick<VpnServerState, "openvpn" | "bird">): string[] => [
  ...openvpn
    .filter(({ process }) => process !== "running")
    .map(({ service, process }) => `${service} is ${process}`),
  ...(bird === "running" ? [] : [`bird is ${bird}`]),
];

async function observeSessions(host: Host): Promise<ReadonlySet<string>> {
  const said = await host
    .run(["birdc", "-r", "show", "protocols", "all"], { timeout: 2_000 })
    .catch(() => null);
  const peers = birdPeersIn(said?.stdout ?? "");
  return new Set(peers.filter(({ state }) => state === "Established").map(({ server }) => server));
}
