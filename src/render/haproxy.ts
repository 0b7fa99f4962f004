import type { Balance, Cluster, Node, Server, Service } from "../topology/cluster.js";
import { interfaceOn } from "../topology/select.js";
import { byName } from "./by-name.js";
import { distributions, type Engines, has, usual } from "./engines.js";
import { type CheckView, checkView } from "./health-check.js";
import { doorSeenByHaproxy } from "./multiplexer-doors.js";
import { paths } from "./paths.js";
import { serverIds } from "./server-id.js";
import { defineTemplate } from "./template.js";

interface ServerView {
  readonly name: string;
  /** All that follows the name, which is also what the runtime command `add server` takes. */
  readonly settings: readonly string[];
}

interface BackendView {
  readonly name: string;
  readonly balance: Balance;
  readonly consistent: boolean;
  /** A check connects as sessions do, by a PROXY header. */
  readonly through: boolean;
  readonly check: CheckView;
  /** Milliseconds. */
  readonly timeout: number;
  readonly servers: readonly ServerView[];
}

/** Seconds after which a worker that was replaced ends the sessions it still has. */
export const hardStopAfter = 10;

export interface HaproxyView {
  readonly adminSocket: string;
  readonly hardStopAfter: number;
  readonly masterKeyword: boolean;
  /** A transparent source needs CAP_NET_ADMIN: where HAProxy cannot keep it, it stays root. */
  readonly unprivileged: boolean;
  /** What it keeps when it gives up root. */
  readonly capability: string | null;
  readonly frontends: readonly {
    readonly name: string;
    readonly binds: readonly string[];
    /** The nodes' own addresses on the service's network. */
    readonly agents: readonly string[];
    /** The backend of the multiplexer, whose sessions the master controller shares; null where there is none. */
    readonly multiplexer: string | null;
  }[];
  readonly backends: readonly BackendView[];
}

const sample: HaproxyView = {
  adminSocket: paths.haproxyAdmin,
  hardStopAfter,
  masterKeyword: true,
  unprivileged: true,
  capability: "cap_net_admin",
  frontends: [
    {
      name: "openflow",
      binds: ["10.0.1.100:6653"],
      agents: ["10.0.1.2"],
      multiplexer: "openflow.multiplexer",
    },
  ],
  backends: [
    {
      name: "openflow",
      balance: "source",
      consistent: true,
      through: true,
      check: {
        openflow: { hello: "0400000800000001", featuresRequest: "0[14]05" },
        http: { path: "/", status: 200 },
      },
      timeout: 1000,
      servers: [{ name: "c1", settings: ["10.0.2.11:6653", "id", "1", "weight", "1"] }],
    },
  ],
};

/** A `nat` service has a backend alone: HAProxy checks its servers, netfilter carries its sessions. */
export const haproxy = defineTemplate<HaproxyView, [Cluster, Node, Engines?]>(
  "haproxy/haproxy.cfg",
  sample,
  (cluster, _node, engines = distributions[usual]) => {
    const virtualIp = byName("virtual IP", cluster.virtualIps);
    const proxied = cluster.services.filter(({ mode }) => mode === "proxy");
    const needsAdmin = proxied.some(({ transparent }) => transparent);
    const keeps = has(engines, "keepsCapabilities");
    return {
      adminSocket: paths.haproxyAdmin,
      hardStopAfter,
      masterKeyword: !has(engines, "masterByOptionAlone"),
      unprivileged: !needsAdmin || keeps,
      capability: needsAdmin && keeps ? "cap_net_admin" : null,
      frontends: proxied.map(({ name, listen, mirror }) => ({
        name,
        binds: virtualIp(listen.virtualIp).addresses.map((address) =>
          endpoint({ ...address, port: listen.port }),
        ),
        agents: agentsOn(cluster, virtualIp(listen.virtualIp).network),
        multiplexer: mirror?.via === "inline" ? throughMultiplexer(name) : null,
      })),
      backends: cluster.services.flatMap((service) =>
        service.mirror?.via === "inline" ? [backend(service), multiplexed(service)] : [backend(service)],
      ),
    };
  },
);

const agentsOn = (cluster: Cluster, network: string): string[] =>
  cluster.nodes.flatMap((node) => interfaceOn(node, network)?.addresses.map(({ address }) => address) ?? []);

function backend(service: Service): BackendView {
  const { name, balance, healthCheck } = service;
  const ids = serverIds(service.servers.map((server) => server.name));
  return {
    name,
    balance,
    consistent: balance === "source",
    through: false,
    check: checkView(healthCheck),
    timeout: healthCheck.timeout,
    servers: service.servers.map((server) => ({
      name: server.name,
      settings: serverSettings(service, server, ids.get(server.name) ?? 0),
    })),
  };
}

/** The backend of the same servers by way of the multiplexer. No service has a dot in its name. */
export const throughMultiplexer = (service: string): string => `${service}.multiplexer`;

/**
 * The same servers, each at its socket. A check goes all the way: it says that the multiplexer lives and that its server
 * does. A connection that fails says so at once.
 */
function multiplexed(service: Service): BackendView {
  const direct = backend(service);
  return {
    ...direct,
    name: throughMultiplexer(service.name),
    through: true,
    servers: direct.servers.map(({ name, settings: [, ...rest] }) => ({
      name,
      settings: [
        ...[`unix@${doorSeenByHaproxy(service.name, name)}`, ...rest],
        ...["send-proxy-v2", "observe", "layer4", "error-limit", "1", "on-error", "mark-down"],
      ],
    })),
  };
}

/** Whole on every line: `default-server` does not count for a server that is added at run time. */
const serverSettings = (service: Service, server: Server, id: number): string[] => [
  endpoint(server),
  ...["id", String(id), "weight", String(server.weight)],
  ...(server.backup ? ["backup"] : []),
  ...checkSettings(service),
  ...(service.mode === "proxy" && service.transparent ? transparentSource(server) : []),
];

const checkSettings = ({ mode, healthCheck: { type, interval, rise, fall } }: Service): string[] => [
  ...["check", "inter", `${interval}ms`],
  ...(mode === "nat" ? ["fastinter", `${Math.min(doubtInterval, interval)}ms`] : []),
  ...["rise", String(rise), "fall", String(fall)],
  ...["on-marked-down", "shutdown-sessions"],
  ...(type === "tls" ? ["check-ssl", "verify", "none"] : []),
];

/**
 * Milliseconds between two checks of a `nat` service's server that failed one and is not down yet, or the other way
 * round. Nobody else notices its death: HAProxy sees no session of it that breaks. A refusal comes at once and is thus
 * soon repeated; an answer that does not come takes its whole timeout each time, so that a server that is only slow for
 * a moment is as safe as before.
 */
const doubtInterval = 50;

/** From the wildcard address of its family the server sees the client's own address. */
const transparentSource = ({ family }: Server): string[] => [
  ...["source", { 4: "0.0.0.0", 6: "[::]" }[family]],
  ...["usesrc", "clientip"],
];

/** `10.0.2.11:6653`, `[fd00::11]:6653`. */
export const endpoint = ({ family, address, port }: Pick<Server, "family" | "address" | "port">): string =>
  family === 4 ? `${address}:${port}` : `[${address}]:${port}`;
