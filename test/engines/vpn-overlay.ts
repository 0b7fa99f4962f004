import { clientProfile } from "../../src/render/vpn/client-profile.js";
import { vpnPaths, vpnPlaces } from "../../src/render/vpn/places.js";
import { renderVpnServer } from "../../src/render/vpn/render-vpn.js";
import type { Vpn } from "../../src/topology/cluster.js";
import { tunnelsOf, vpnServerNamed } from "../../src/topology/vpn-select.js";
import { connect, type Sandbox, sandbox } from "./sandbox.js";
import { type Authority, authority, type Identity } from "./vpn-authority.js";

const programs = `${process.cwd()}/programs`;
const places = { ...vpnPlaces, hook: `${programs}/vpn-event.pl`, pulse: `${programs}/vpn-pulse.pl` };

/** The management interface's password, where a server's file is said to be here. */
export const passwordFile = "/run/pass";
const password = "one of this test";

/** Servers and clients of a virtual network as their rendered files have them, each a machine of its own on one network. */
export class Overlay implements AsyncDisposable {
  readonly #machines: Sandbox[] = [];
  readonly #portOf = new Map<Sandbox, string>();
  #ports = 0;

  private constructor(
    readonly vpn: Vpn,
    private readonly internet: Sandbox,
    private readonly certificates: Authority,
  ) {}

  static async open(vpn: Vpn): Promise<Overlay> {
    const [internet, certificates] = [await sandbox(), await authority()];
    await internet.must("ip", "link", "add", "br0", "type", "bridge");
    await internet.must("ip", "link", "set", "br0", "up");
    return new Overlay(vpn, internet, certificates);
  }

  /** A machine on the network, with nothing on it. */
  async machine(...addresses: string[]): Promise<Sandbox> {
    const machine = await sandbox();
    this.#machines.push(machine);
    const port = `p${this.#ports++}`;
    await this.internet.must("ip", "link", "add", port, "type", "veth", "peer", "name", `far-${port}`);
    await this.internet.must("ip", "link", "set", port, "master", "br0", "up");
    await connect(this.internet, port, machine, addresses);
    this.#portOf.set(machine, port);
    return machine;
  }

  /** Pulls a machine's cable, which its own end does not see, or plugs it in again. */
  async cable(machine: Sandbox, state: "down" | "up"): Promise<void> {
    const port = this.#portOf.get(machine) ?? "";
    const words = state === "down" ? ["nomaster"] : ["master", "br0"];
    await this.internet.must("ip", "link", "set", port, ...words);
  }

  /** Everything that the machine's files say. @param names of the engines that are started */
  async server(name: string, engines: readonly ServerEngine[] = serverEngines): Promise<Sandbox> {
    const server = vpnServerNamed(this.vpn, name);
    const machine = await this.machine(...server.addresses.map(({ address }) => `${address}/24`));
    await machine.install([
      ...renderVpnServer(this.vpn, server, places),
      ...identityFiles(
        await this.certificates.issue(name, "serverAuth,clientAuth"),
        `${vpnPlaces.pki}/`,
        "server",
      ),
      { path: passwordFile, mode: 0o600, body: `${password}\n` },
    ]);
    await machine.must("mkdir", "-p", "/run/holdfast", "/run/openvpn", "/run/bird");
    await machine.must("sysctl", "-q", "-p", vpnPaths.sysctl);
    for (const engine of engines) this.start(machine, name, engine);
    return machine;
  }

  start(machine: Sandbox, name: string, engine: ServerEngine): void {
    if (engine === "openvpn") openvpn(machine, vpnPaths.server(this.vpn.name));
    else if (engine === "bird")
      machine.start(...ahead, "bird", "-f", "-c", vpnPaths.bird, "-P", pidFile("bird"));
    else
      for (const { number } of tunnelsOf(this.vpn, vpnServerNamed(this.vpn, name)))
        openvpn(machine, vpnPaths.tunnel(this.vpn.name, number));
  }

  /** Ends an engine of a server at once, as a crash would. @throws where it does not run */
  async kill({ must }: Sandbox, engine: ServerEngine): Promise<void> {
    const files =
      engine === "tunnels"
        ? (await must("find", "/run", "-maxdepth", "1", "-name", `${this.vpn.name}-backbone*.pid`))
            .trim()
            .split("\n")
        : [pidFile(engine === "bird" ? "bird" : this.vpn.name)];
    for (const file of files) await must("kill", "-KILL", (await must("cat", file)).trim());
  }

  /**
   * @param first the server that it tries first; else its name chooses
   * @param more options that no profile of ours has, a line each
   */
  async client(name: string, address: string, first?: string, more = ""): Promise<Sandbox> {
    const machine = await this.machine(address);
    const profile = `${clientProfile.render(this.vpn, name)}${more}`;
    await machine.install([
      {
        path: profileOf(name),
        mode: 0o600,
        body: first === undefined ? profile : this.#begin(profile, first),
      },
      ...identityFiles(await this.certificates.issue(name, "clientAuth"), `/run/${name}/`, name),
    ]);
    this.connect(machine, name);
    return machine;
  }

  /** A client that is there begins, or begins again. */
  connect(machine: Sandbox, name: string): void {
    openvpn(machine, profileOf(name));
  }

  /** Ends a client's OpenVPN: with a goodbye, or without one. One that has only just begun has not written its number yet. */
  async disconnect({ must }: Sandbox, name: string, signal: "TERM" | "KILL"): Promise<void> {
    await must("timeout", "10", "sh", "-c", `until test -s ${pidFile(name)}; do sleep 0.05; done`);
    await must("kill", `-${signal}`, (await must("cat", pidFile(name))).trim());
  }

  /** Another server is tried first from the next start on. */
  async prefer(machine: Sandbox, name: string, first: string): Promise<void> {
    const profile = this.#begin(clientProfile.render(this.vpn, name), first);
    await machine.install([{ path: profileOf(name), mode: 0o600, body: profile }]);
  }

  #begin(profile: string, first: string): string {
    const { addresses } = vpnServerNamed(this.vpn, first);
    const lines = profile.split("\n");
    const isOf = (line: string) => addresses.some(({ address }) => line.startsWith(`remote ${address} `));
    const at = lines.findIndex((line) => line.startsWith("remote "));
    const own = lines.filter(isOf);
    const others = lines.filter((line) => !isOf(line));
    return [...others.slice(0, at), ...own, ...others.slice(at)].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine[Symbol.asyncDispose]()));
    await this.internet[Symbol.asyncDispose]();
    await this.certificates[Symbol.asyncDispose]();
  }
}

/** In front of everything ordinary, as their units have it: BFD takes a server for dead that says nothing for 150 ms. */
const ahead = ["nice", "-n", "-15"];

export type ServerEngine = "openvpn" | "tunnels" | "bird";
const serverEngines: readonly ServerEngine[] = ["openvpn", "tunnels", "bird"];

const profileOf = (client: string): string => `/run/${client}/${client}.ovpn`;

/** What an OpenVPN says, by the name of its file. */
export const logOf = (conf: string): string => `/run/${conf}.log`;
const pidFile = (conf: string): string => `/run/${conf}.pid`;

const identityFiles = ({ ca, certificate, key }: Identity, directory: string, name: string) => [
  { path: `${directory}ca.crt`, mode: 0o644, body: ca },
  { path: `${directory}${name}.crt`, mode: 0o644, body: certificate },
  { path: `${directory}${name}.key`, mode: 0o600, body: key },
];

/** As Debian's unit does: in the directory of its file. */
function openvpn(machine: Sandbox, conf: string): void {
  const at = conf.lastIndexOf("/");
  const name = conf.slice(at + 1).replace(/\.(conf|ovpn)$/, "");
  const files = ["--machine-readable-output", "--log-append", logOf(name), "--writepid", pidFile(name)];
  machine.start(...ahead, "openvpn", "--cd", conf.slice(0, at), "--config", conf, ...files);
}
