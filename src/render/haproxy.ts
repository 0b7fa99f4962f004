import type { Balance, Cluster, Node, Server, Service } from "../topology/cluster.js";
import { byName } from "./by-name.js";
import { type CheckView, checkView } from "./health-check.js";
import { paths } from "./paths.js";
import { defineTemplate } from "./template.js";

interface ServerView {
  readonly name: string;
  /** With its port; IPv6 in brackets. */
  readonly endpoint: string;
  readonly weight: number;
  readonly backup: boolean;
  /** The wildcard address of its family where the server shall see the client's own address. */
  readonly transparentSource: string | null;
}

interface BackendView {
  readonly name: string;
  readonly balance: Balance;
  readonly consistent: boolean;
  readonly check: CheckView;
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly rise: number;
  readonly fall: number;
  readonly servers: readonly ServerView[];
}

export interface HaproxyView {
  readonly adminSocket: string;
  /** HAProxy 2.6 cannot keep CAP_NET_ADMIN when it gives up root, and a transparent source needs it. */
  readonly unprivileged: boolean;
  readonly frontends: readonly { readonly name: string; readonly binds: readonly string[] }[];
  readonly backends: readonly BackendView[];
}

const sample: HaproxyView = {
  adminSocket: paths.haproxyAdmin,
  unprivileged: true,
  frontends: [{ name: "openflow", binds: ["10.0.1.100:6653"] }],
  backends: [
    {
      name: "openflow",
      balance: "source",
      consistent: true,
      check: {
        openflow: { hello: "0400000800000001", featuresRequest: "0[14]05" },
        http: { path: "/", status: 200 },
        tls: true,
      },
      interval: 1000,
      timeout: 1000,
      rise: 2,
      fall: 3,
      servers: [
        { name: "c1", endpoint: "10.0.2.11:6653", weight: 1, backup: true, transparentSource: "0.0.0.0" },
      ],
    },
  ],
};

/** A `nat` service has a backend alone: HAProxy checks its servers, netfilter carries its sessions. */
export const haproxy = defineTemplate<HaproxyView, [Cluster, Node]>(
  "haproxy/haproxy.cfg",
  sample,
  (cluster) => {
    const virtualIp = byName("virtual IP", cluster.virtualIps);
    const proxied = cluster.services.filter(({ mode }) => mode === "proxy");
    return {
      adminSocket: paths.haproxyAdmin,
      unprivileged: !proxied.some(({ transparent }) => transparent),
      frontends: proxied.map(({ name, listen }) => ({
        name,
        binds: virtualIp(listen.virtualIp).addresses.map((address) =>
          endpoint({ ...address, port: listen.port }),
        ),
      })),
      backends: cluster.services.map(backend),
    };
  },
);

function backend(service: Service): BackendView {
  const { name, balance, healthCheck } = service;
  const transparent = service.mode === "proxy" && service.transparent;
  return {
    name,
    balance,
    consistent: balance === "source",
    check: checkView(healthCheck),
    interval: healthCheck.interval,
    timeout: healthCheck.timeout,
    rise: healthCheck.rise,
    fall: healthCheck.fall,
    servers: service.servers.map((server) => serverView(server, transparent)),
  };
}

const serverView = (server: Server, transparent: boolean): ServerView => ({
  name: server.name,
  endpoint: endpoint(server),
  weight: server.weight,
  backup: server.backup,
  transparentSource: transparent ? { 4: "0.0.0.0", 6: "[::]" }[server.family] : null,
});

/** `10.0.2.11:6653`, `[fd00::11]:6653`. */
export const endpoint = ({ family, address, port }: Pick<Server, "family" | "address" | "port">): string =>
  family === 4 ? `${address}:${port}` : `[${address}]:${port}`;
