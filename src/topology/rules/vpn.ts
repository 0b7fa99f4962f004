import type { Finding } from "../rule.js";
import type { WrittenVpn } from "../schema/vpn.js";
import { pairsOf } from "../vpn-backbone.js";
import { placedIn, repeated, vpnRule } from "./vpn-rule.js";

/** A name is a certificate's common name: it is what tells servers and clients apart. */
export const vpnNamesAreUnique = vpnRule("vpn-names-are-unique", ({ servers, clients }) =>
  repeated(
    [
      ...placedIn("servers", servers).map(({ name, at }) => ({ name, at, what: "server" })),
      ...placedIn("clients", clients).map(({ name, at }) => ({ name, at, what: "client" })),
    ],
    ({ name }) => name,
    ({ name, at }, { what }) => ({
      at: [...at, "name"],
      message: `another ${what} is named ${name}; give it, and its certificate, a name of its own`,
    }),
  ),
);

/** A profile has one device for all of its servers. */
export const vpnDevicesAreAlike = vpnRule("vpn-devices-are-alike", ({ servers }) => {
  const [first] = servers;
  return placedIn("servers", servers).flatMap(({ device, at }): Finding[] =>
    first === undefined || kind(device) === kind(first.device)
      ? []
      : [
          {
            at: [...at, "device"],
            message: `${device} is ${kind(device)} and ${first.name} has ${kind(first.device)}: a client could not move between the two; make all tun, or all tap`,
          },
        ],
  );
});

/** On a tap the client asks by ARP for whatever is in its network, and nobody there is the client of another server. */
export const vpnFixedAddressesNeedTun = vpnRule("vpn-fixed-addresses-need-tun", ({ servers, clients }) =>
  clients.length === 0
    ? []
    : placedIn("servers", servers)
        .filter(({ device }) => kind(device) === "tap")
        .map(({ device, at }) => ({
          at: [...at, "device"],
          message: `${device} is tap, on which a client with an address outside of the server's range finds no neighbours; make it tun, or leave vpn.clients out`,
        })),
);

/** IFNAMSIZ (linux/if.h): 15 bytes and a NUL. */
const longestDevice = 15;

export const vpnTunnelDevicesFit = vpnRule("vpn-tunnel-devices-fit", ({ servers, backbone }) => {
  const at = ["vpn", "backbone", "device"];
  const pairs = pairsOf(servers.length);
  const longest = `${backbone.device}${pairs.length - 1}`;
  if (longest.length > longestDevice)
    return [
      {
        at,
        message: `the last of ${pairs.length} pairs would have device ${longest}, of ${longest.length} characters: at most ${longestDevice} (IFNAMSIZ); shorten it`,
      },
    ];
  return pairs.flatMap(({ lower, higher }, number) =>
    [servers[lower], servers[higher]]
      .filter((server) => server?.device === `${backbone.device}${number}`)
      .slice(0, 1)
      .map((server) => ({
        at,
        message: `the tunnel between ${servers[lower]?.name} and ${servers[higher]?.name} would have device ${backbone.device}${number}, which is where ${server?.name} has its clients; choose another`,
      })),
  );
});

const highestPort = 65_535;

export const vpnTunnelPortsAreFree = vpnRule("vpn-tunnel-ports-are-free", ({ servers, backbone }) => {
  const at = ["vpn", "backbone", "port"];
  const pairs = pairsOf(servers.length);
  const last = backbone.port + pairs.length - 1;
  if (last > highestPort)
    return [
      {
        at,
        message: `${pairs.length} pairs of servers need the ports ${backbone.port} to ${last}: begin at ${highestPort - pairs.length + 1} at most`,
      },
    ];
  return pairs.flatMap(({ lower, higher }, number) =>
    [servers[lower], servers[higher]].flatMap((server): Finding[] => {
      const owner = server && ownerOf(server, backbone.proto, backbone.port + number);
      return owner === undefined
        ? []
        : [
            {
              at,
              message: `the tunnel between ${servers[lower]?.name} and ${servers[higher]?.name} would have ${backbone.proto} port ${backbone.port + number}, which is ${owner}; begin elsewhere`,
            },
          ];
    }),
  );
});

type WrittenServer = WrittenVpn["servers"][number];

/** Whose a port of a server already is. */
function ownerOf(
  { name, port, proto, management }: WrittenServer,
  wanted: string,
  number: number,
): string | undefined {
  if (proto === wanted && port === number) return `where ${name} hears its clients`;
  return wanted === "tcp" && management.port === number ? `the management port of ${name}` : undefined;
}

/** Two programs of one machine cannot listen on one port. */
export const vpnManagementPortIsFree = vpnRule("vpn-management-port-is-free", ({ servers }) =>
  placedIn("servers", servers)
    .filter(({ management, port, proto }) => proto === "tcp" && management.port === port)
    .map(({ port, at }) => ({
      at: [...at, "management", "port"],
      message: `${port} is where the server hears its clients; choose another, or a socket`,
    })),
);

const kind = (device: string): "tun" | "tap" => (device.startsWith("tap") ? "tap" : "tun");
