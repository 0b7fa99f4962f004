import { readFileSync, rmSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { json } from "node:stream/consumers";
import { pino } from "pino";
import { VpnKeeper } from "../src/agent/vpn/vpn-keeper.js";
import type { ClaimAnswer } from "../src/api/vpn.js";
import { thisMachine } from "../src/host/this-machine.js";
import { paths } from "../src/render/paths.js";
import type { Vpn } from "../src/topology/cluster.js";
import type { ClaimMessage } from "../src/vpn/claims.js";
import { watchSocket } from "./vpn-scale-roamers.js";

/** What the process has cost since it began. */
export interface WatchCost {
  /** Milliseconds of processor, and those of the programs that it started and that ended. */
  readonly cpu: number;
  readonly programs: number;
  /** MB, now and at most. */
  readonly resident: number;
  readonly peak: number;
}

/** The agent's part on a VPN server as the agent runs it: `SERVER VPN.json`. What it tells others goes over plain HTTP. */
const [, , name = "", file = ""] = process.argv;
const vpn = JSON.parse(readFileSync(file, "utf8")) as Vpn;
const { servers } = vpn;
const port = 7443;

const host = thisMachine();
/** The machine's own, although it has the repository's files. */
const own = (path: string) => path.replace(paths.stateDir, "/run/state");

/** Over a connection that stays, as between agents. */
const connections = new Agent({ keepAlive: true });
function tell(server: string, message: ClaimMessage): Promise<ClaimAnswer> {
  return new Promise((done, failed) => {
    const to = { host: server, port, path: `/${name}`, method: "POST", agent: connections, timeout: 5_000 };
    const telling = request(to, (response) =>
      json(response).then((answer) => done(answer as ClaimAnswer), failed),
    );
    telling.on("timeout", () => telling.destroy(new Error("no answer")));
    telling.on("error", failed);
    telling.end(JSON.stringify(message));
  });
}

const watch = new VpnKeeper({
  host: {
    ...host,
    read: (path) => host.read(own(path)),
    stage: (path, body, attributes) => host.stage(own(path), body, attributes),
    swap: (staged, path) => host.swap(staged, own(path)),
  },
  log: pino(pino.destination(2)),
  peers: () =>
    servers
      .filter((server) => server.name !== name)
      .map((server) => ({
        server: server.name,
        tellClaims: (message: ClaimMessage) => tell(server.addresses[0]?.address ?? "", message),
      })),
  tell: () => undefined,
});

createServer((asked, response) => {
  const answer = (message: unknown) =>
    response.end(JSON.stringify(watch.hear((asked.url ?? "").slice(1), message as ClaimMessage)));
  // One that does not wait any more is told again.
  json(asked).then(answer, () => response.destroy());
}).listen(port);

rmSync(watchSocket, { force: true });
createServer((asked, response) => {
  if (asked.url === "/routes")
    return void watch.routes().then((routes) => response.end(JSON.stringify(routes)));
  const { user, system } = process.cpuUsage();
  const cost: WatchCost = {
    ...{ cpu: (user + system) / 1_000, programs: ended() },
    ...{ resident: process.memoryUsage.rss() / 1e6, peak: process.resourceUsage().maxRSS * 1.024e-3 },
  };
  response.end(JSON.stringify(cost));
}).listen(watchSocket);

/** cutime and cstime of proc(5), in ticks of 10 ms. */
function ended(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return 10 * (Number(fields[13]) + Number(fields[14]));
}

watch.follow(vpn, name);
