import { wantedInstances } from "../../src/deploy/keepalived.js";
import { originPath } from "../../src/deploy/origin.js";
import type { RunResult } from "../../src/host/host.js";
import { doorIn } from "../../src/render/multiplexer-doors.js";
import type { MultiplexerDocument } from "../../src/render/multiplexer-json.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";
import { FakeHost } from "../host/fake-host.js";
import { HaproxyInMemory } from "./haproxy-in-memory.js";
import { Netfilter } from "./netfilter.js";

const vrrp = 4711;
const json = 36;
const configs: Readonly<Record<string, string>> = {
  haproxy: paths.haproxyCfg,
  keepalived: paths.keepalivedConf,
  conntrackd: paths.conntrackdConf,
  "holdfast-multiplexer": paths.multiplexerJson,
  "holdfast-agent": paths.nodeJson,
};

/** A FakeHost whose engines keep state: what they loaded is what stood in their files when they were told. */
export class NodeInMemory extends FakeHost {
  readonly netfilter = { 4: new Netfilter(), 6: new Netfilter() } as const;
  readonly settings = new Map<string, string>();
  readonly routes = new Map<string, { gateway: string; dev: string }>();
  /** Families in which replies of transparent sessions find back. */
  readonly wayBack = new Set<4 | 6>();
  readonly mtus = new Map([
    ["eth1", 1500],
    ["eth2", 1500],
    ["eth3", 1500],
  ]);
  /** Configuration that each daemon runs with. */
  readonly loaded = new Map<string, string>();
  readonly haproxy = new HaproxyInMemory();
  /** HAProxy's reloads; a configuration with this text in it is refused by the checker and by the daemon. */
  reloads = 0;
  failedReloads = 0;
  refused: string | null = null;
  /** As if the daemon did not notice that it should reload. */
  deaf = new Set<string>();

  constructor(name: string) {
    super(name);
    this.netfilter[4].restore("*filter\n-A INPUT -s 192.0.2.1/32 -j DROP\nCOMMIT\n", { test: false });
    this.put(paths.haproxyMaster, "");
    this.put("/run/keepalived.pid", "4710\n");
    this.put("/proc/4710/task/4710/children", `${vrrp}`);
    this.put(`/proc/${vrrp}/status`, "SigCgt:\tffffffffffffffff\nSigBlk:\t0000000000000000\n");
    this.faults.run = (argv, stdin) => this.#answer(argv, stdin);
    this.faults.service = (action, name) => this.#serve(action, name);
    this.faults.ask = (socket, request) => {
      if (socket === paths.multiplexerSocket) return this.#multiplexed();
      return socket === paths.haproxyAdmin && this.running.has("haproxy")
        ? this.haproxy.ask(request)
        : this.#processes();
    };
  }

  /** All that an apply may change, for comparison. */
  state() {
    // How it was before holdfast is true whatever becomes of a change.
    const lasting = ([path]: [string, unknown]) =>
      !/^\/(proc|run|tmp|var\/lib\/haproxy)\//.test(path) &&
      !path.endsWith(".holdfast-new") &&
      path !== originPath;
    return {
      files: Object.fromEntries([...this.files].filter(lasting).map(([path, file]) => [path, { ...file }])),
      links: Object.fromEntries(this.links),
      rules: [this.netfilter[4].save(), this.netfilter[6].save()].map(withoutEmptyTables),
      settings: Object.fromEntries([...this.settings].filter(([, value]) => value !== "0")),
      routes: Object.fromEntries(this.routes),
      mtus: Object.fromEntries(this.mtus),
      wayBack: [...this.wayBack],
      servers: this.running.has("haproxy") ? this.haproxy.serving() : [],
      loaded: Object.fromEntries(
        [...this.loaded]
          .filter(([service]) => this.running.has(service))
          .map(([service, body]) => [
            service,
            service === "haproxy" ? body.replace(/^ {4}server .*\n/gm, "") : body,
          ]),
      ),
      running: [...this.running.keys()].sort(),
      enabled: [...this.enabled].sort(),
    };
  }

  #answer([path = "", ...args]: readonly string[], stdin: string): Partial<RunResult> {
    const program = path.split("/").at(-1) ?? "";
    switch (program) {
      case "iptables-save":
      case "ip6tables-save":
        return { stdout: this.netfilter[program === "iptables-save" ? 4 : 6].save() };
      case "iptables-restore":
      case "ip6tables-restore":
        return attempt(() =>
          this.netfilter[program === "iptables-restore" ? 4 : 6].restore(stdin, {
            test: args.includes("--test"),
          }),
        );
      case "sysctl":
        return args[0] === "-w" ? this.#write(args.slice(1)) : { stdout: this.#show(args.slice(1)) };
      case "ip":
        return this.#ip(args, stdin);
      case "haproxy":
      case "keepalived":
        return args[0] === "--signum=JSON" ? { stdout: `${json}\n` } : this.#check(args.at(-1) ?? "");
      case "conntrackd":
        return this.#conntrackd(args[1] ?? "");
      case "kill":
        return this.#dump();
      case "openvpn":
        return this.#check(args[1] ?? "");
      case "bird":
        return this.#check(args.at(-1) ?? "");
      case "test":
        return {}; // What an operator is to put there is there.
      default:
        return new Error(`${program}: not installed`) as never;
    }
  }

  readonly #refuses = (body: string): boolean => this.refused !== null && body.includes(this.refused);

  #check(path: string): Partial<RunResult> {
    const bad = this.#refuses(this.files.get(path)?.body ?? "");
    return bad ? { exitCode: 1, stderr: `[ALERT] parsing [${path}:7]: unknown keyword\n` } : {};
  }

  /** It reads the file that it is given, then asks the one that runs. */
  #conntrackd(path: string): Partial<RunResult> {
    const said = (words: string) => ({
      exitCode: 1,
      stderr: `[Sun Nov 29 01:20:21 2026] (pid=4712) [ERROR] ${words}\n`,
    });
    if (this.#refuses(this.files.get(path)?.body ?? ""))
      return said("parsing config file in line (7), symbol 'x': syntax error");
    return this.running.has("conntrackd") ? {} : said("can't connect: is conntrackd running?");
  }

  #show(keys: readonly string[]): string {
    return keys.map((key) => `${key} = ${this.settings.get(key) ?? "0"}\n`).join("");
  }

  #write(pairs: readonly string[]): Partial<RunResult> {
    for (const pair of pairs) this.settings.set(pair.split("=")[0] ?? "", pair.split("=")[1] ?? "");
    return {};
  }

  /** Rules and local routes for marked packets come and go together here. */
  #shown(family: 4 | 6, rules: boolean): object[] {
    const marked = this.wayBack.has(family);
    if (rules) return marked ? [{ fwmark: "0x48470000", table: "72" }] : [];
    return [
      ...(family === 4 ? [...this.routes].map(([dst, rest]) => ({ dst, ...rest })) : []),
      ...(marked ? [{ type: "local", dst: "default", dev: "lo", table: "72" }] : []),
    ];
  }

  #asked(family: 4 | 6, question: string): unknown {
    if (question === "link show") return [...this.mtus].map(([ifname, mtu]) => ({ ifname, mtu }));
    return this.#shown(family, question === "rule show");
  }

  #ip(args: readonly string[], stdin: string): Partial<RunResult> {
    const family = args.includes("-6") ? 6 : 4;
    if (args.includes("-json")) {
      const answers = stdin
        .trimEnd()
        .split("\n")
        .map((line) => this.#asked(family, line));
      return { stdout: answers.map((answer) => `${JSON.stringify(answer)}\n`).join("") };
    }
    if (args.includes("flush")) this.wayBack.delete(family);
    if (args.includes("fwmark")) this.wayBack.add(family);
    const batch =
      args[0] === "-batch" ? (args[1] === "-" ? stdin : (this.files.get(args[1] ?? "")?.body ?? "")) : "";
    for (const line of batch.split("\n")) {
      const words = line.split(" ");
      if (words[0] === "link") this.mtus.set(words[3] ?? "", Number(words[5]));
      else if (words[1] === "replace")
        this.routes.set(words[2] ?? "", { gateway: words[4] ?? "", dev: words[6] ?? "" });
      else if (words[1] === "del") this.routes.delete(words[2] ?? "");
    }
    return {};
  }

  /** keepalived's dump, from the node.json that stood there when it was told to load. */
  #dump(): Partial<RunResult> {
    const { cluster, node } = JSON.parse(this.loaded.get("keepalived:intent") ?? "{}") as {
      cluster: Cluster;
      node: string;
    };
    const instances = wantedInstances(cluster, nodeNamed(cluster, node)).map((instance) => ({
      data: {
        iname: instance.name,
        vrid: instance.routerId,
        base_priority: instance.priority,
        adver_int: instance.advertInterval,
        vips: instance.addresses.map((address) => `${address} dev eth1 scope global set`),
      },
    }));
    this.put(paths.keepalivedJson, JSON.stringify(instances));
    return {};
  }

  /** True refuses. */
  #serve(action: string, name: string): boolean {
    const config = configs[name];
    if (config === undefined || !["start", "reload", "restart"].includes(action)) return false;
    const body = this.files.get(config)?.body;
    if (body === undefined) return true;
    if (this.deaf.has(name)) return false;
    if (this.#refuses(body)) {
      this.failedReloads++;
      return false;
    }
    this.loaded.set(name, body);
    if (name === "holdfast-multiplexer") this.#openDoors(body);
    if (name === "keepalived")
      this.loaded.set("keepalived:intent", this.files.get(paths.nodeJson)?.body ?? "");
    if (name === "haproxy") {
      this.reloads++;
      this.haproxy.load(body);
    }
    return false;
  }

  #openDoors(body: string): void {
    for (const { directory, servers } of (JSON.parse(body) as MultiplexerDocument).services)
      for (const { name } of servers) this.put(doorIn(directory, name), "");
  }

  #multiplexed(): string | Error {
    if (!this.running.has("holdfast-multiplexer")) return new Error("connection refused");
    const { services } = JSON.parse(
      this.loaded.get("holdfast-multiplexer") ?? '{"services":[]}',
    ) as MultiplexerDocument;
    return JSON.stringify({ services: services.map(({ name }) => ({ service: name, trouble: null })) });
  }

  #processes(): string | Error {
    const process = this.running.get("haproxy");
    if (process === undefined) return new Error("connection refused");
    return `#<PID> <type> <reloads> <uptime> <version>
${process.pid} master ${this.reloads} [failed: ${this.failedReloads}] 0d00h00m01s 2.6.12
# workers
${10_000 + this.reloads} worker 0 0d00h00m01s 2.6.12
# old workers
# programs
`;
  }
}

function attempt(work: () => void): Partial<RunResult> {
  try {
    work();
    return {};
  } catch (error) {
    return { exitCode: 1, stderr: String(error) };
  }
}

/** A table that was made by looking at it is no difference. */
const withoutEmptyTables = (saved: string): string =>
  saved
    .split("COMMIT\n")
    .filter((table) => table.includes("-A ") || table.includes(":HOLDFAST-"))
    .join("COMMIT\n");
