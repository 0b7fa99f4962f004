import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { VpnKeeper } from "../../src/agent/vpn/vpn-keeper.js";
import type { ClaimAnswer } from "../../src/api/vpn.js";
import { thisMachine } from "../../src/host/this-machine.js";
import { paths } from "../../src/render/paths.js";
import type { Vpn } from "../../src/topology/cluster.js";
import type { ClaimMessage } from "../../src/vpn/claims.js";

/**
 * The agent's part on a VPN server, on a machine of its own: `SERVER VPN.json`, which is read again at SIGHUP. What it tells
 * others goes over plain HTTP.
 */
const [, , name = "", file = ""] = process.argv;
const read = () => JSON.parse(readFileSync(file, "utf8")) as Vpn;
const vpn = read();
const port = 7443;

const host = thisMachine();
/** The machine's own, although it has the repository's files. */
const own = (path: string) => path.replace(paths.stateDir, "/run/state");

const watch = new VpnKeeper({
  host: {
    ...host,
    read: (path) => host.read(own(path)),
    stage: (path, body, attributes) => host.stage(own(path), body, attributes),
    swap: (staged, path) => host.swap(staged, own(path)),
  },
  log: pino(pino.destination(2)),
  peers: () =>
    vpn.servers
      .filter((server) => server.name !== name)
      .map((server) => ({
        server: server.name,
        async tellClaims(message: ClaimMessage) {
          const url = `http://${server.addresses[0]?.address}:${port}/${name}`;
          const signal = AbortSignal.timeout(1_000);
          const response = await fetch(url, { method: "POST", body: JSON.stringify(message), signal });
          return (await response.json()) as ClaimAnswer;
        },
      })),
  tell: (happening) => appendFileSync("/run/events.log", `${JSON.stringify(happening)}\n`),
});

createServer(async (request, response) => {
  const message = (await json(request)) as ClaimMessage;
  response.end(JSON.stringify(watch.hear((request.url ?? "").slice(1), message)));
}).listen(port);

writeFileSync("/run/watch.pid", `${process.pid}\n`);
watch.follow(vpn, name);
process.on("SIGHUP", () => watch.follow(read(), name));
for (;;) {
  const report = watch.report && { ...watch.report, routes: await watch.routes() };
  writeFileSync("/run/report.new", JSON.stringify(report));
  renameSync("/run/report.new", "/run/report.json");
  await sleep(100);
}
