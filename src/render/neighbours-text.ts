import type { Endpoint, NeighbourRoute, Neighbours, RoutedNeighbour, ServiceEndpoint } from "./neighbours.js";

/** The neighbours' settings as an operator types them, in the words of the systems that are widely known. */
export function neighboursText({ routers, servers, clients }: Neighbours): string {
  const parts = [
    ...routers.map((router) => section(routersTitle(router), router.routes.flatMap(routeCommands))),
    ...servers.map((group) => section(serversTitle(group), group.routes.flatMap(routeCommands))),
    ...clients.map((client) => section(clientsTitle(client), endpointLines(client))),
  ];
  return `${parts.join("\n\n")}\n`;
}

type Line = readonly [system: string, command: string];

const section = (title: string, lines: readonly Line[]): string => {
  const width = Math.max(...lines.map(([system]) => system.length));
  return [title, ...lines.map(([system, command]) => `  ${system.padEnd(width)}  ${command}`)].join("\n");
};

const routersTitle = ({ network, machines }: RoutedNeighbour): string =>
  machines.length === 0
    ? `Whoever on network ${network} sends packets to the pair`
    : `Router ${machines.join(", ")} on network ${network}`;

const serversTitle = ({ network, machines }: RoutedNeighbour): string =>
  `Servers on network ${network}: ${machines.join(", ")}`;

const clientsTitle = ({ service, openflow }: ServiceEndpoint): string =>
  openflow ? `Switches of service ${service}` : `Clients of service ${service}`;

/** One route in the words of each system: iproute2, Cisco IOS, VyOS. */
function routeCommands({ family, destination, via }: NeighbourRoute): Line[] {
  const any = family === 4 ? "0.0.0.0/0" : "::/0";
  const prefix = destination === "default" ? any : destination;
  return family === 4
    ? [
        ["Linux", `ip route replace ${destination} via ${via}`],
        ["Cisco IOS", `ip route ${networkAndMask(prefix)} ${via}`],
        ["VyOS", `set protocols static route ${prefix} next-hop ${via}`],
      ]
    : [
        ["Linux", `ip -6 route replace ${destination} via ${via}`],
        ["Cisco IOS", `ipv6 route ${prefix} ${via}`],
        ["VyOS", `set protocols static route6 ${prefix} next-hop ${via}`],
      ];
}

/** `10.0.2.10/32` as `10.0.2.10 255.255.255.255`. */
function networkAndMask(prefix: string): string {
  const [address = "", length = "0"] = prefix.split("/");
  const mask = [0, 8, 16, 24].map(
    (start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, Number(length) - start))),
  );
  return `${address} ${mask.join(".")}`;
}

const literalOf = ({ family, address, port }: Endpoint): string =>
  `${family === 4 ? address : `[${address}]`}:${port}`;

function endpointLines({ openflow, endpoints }: ServiceEndpoint): Line[] {
  const captured = endpoints.filter((endpoint) => endpoint.captured);
  const told = endpoints.filter((endpoint) => !endpoint.captured);
  return [
    ...captured.map(
      (own): Line => ["captured", `${literalOf(own)} stays as it is, once the route above is set`],
    ),
    ...(openflow ? switchCommands(told) : told.map((own): Line => ["address", literalOf(own)])),
  ];
}

/** The controller's address as a switch is told it; the setting's name on other switches is in their own manuals. */
function switchCommands(endpoints: readonly Endpoint[]): Line[] {
  if (endpoints.length === 0) return [];
  return [
    // One of them: each command replaces what the one before has set, and two would be two sessions with one service.
    ...endpoints.map(
      (own, index): Line => [
        index === 0 ? "Open vSwitch" : "or instead",
        `ovs-vsctl set-controller br0 tcp:${literalOf(own)}`,
      ],
    ),
    // A silent death is noticed after one probe; Open vSwitch makes 5 s of anything shorter.
    ["and", "ovs-vsctl set controller br0 max_backoff=1000 inactivity_probe=5000"],
    // One that is idle looks after a connection that it is opening no more often than this: by itself twice a second.
    [
      "if quiet",
      "ovs-vsctl set Open_vSwitch . other_config:max-revalidator=100   # not with many thousand flows",
    ],
    ...endpoints.map(
      ({ address, port }, index): Line => [
        index === 0 ? "any other" : "or instead",
        `OpenFlow controller: address ${address}, TCP port ${port}`,
      ],
    ),
  ];
}
