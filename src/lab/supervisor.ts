import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import {
  agentDaemon,
  conntrackdDaemon,
  haproxyDaemon,
  keepalivedDaemon,
  multiplexerDaemon,
} from "../render/daemons.js";
import { paths } from "../render/paths.js";
import { birdDaemon, openvpnDaemon } from "../render/vpn/vpn-daemons.js";
import { isVpnService } from "../render/vpn/vpn-services.js";
import { BoundedLog } from "./bounded-log.js";
import { actions, type ControlAnswer, type ControlRequest, controlSocket } from "./control.js";
import { Keeper } from "./keeper.js";
import { startNetwork } from "./node-start.js";
import { program } from "./program.js";

/**
 * What systemd is to a real node, in the lab: boots the node from the files on its own disk, keeps its daemons running,
 * and does as it is told on a socket. The only program of the lab that runs inside a node.
 */
const network = "holdfast-network";
const enabled = "/var/lib/holdfast-lab/enabled";
const log = new BoundedLog("/run/log/supervisor.log");

const clearFault = () => {
  writeFileSync(paths.fault, "0\n"); // A fault must not outlive its agent.
};

const holdfast = [process.execPath, program.main];
const agent = agentDaemon(holdfast);
const keepers = new Map(
  [
    // Before keepalived: who may become active has to be told of sessions first.
    { daemon: conntrackdDaemon, stale: [paths.conntrackdLock], ended: () => undefined },
    { daemon: keepalivedDaemon, stale: [paths.keepalivedPid], ended: () => undefined },
    // Before the HAProxy that connects to it.
    { daemon: multiplexerDaemon(holdfast), stale: [], ended: () => undefined },
    { daemon: haproxyDaemon, stale: [paths.haproxyPid], ended: () => undefined },
    { daemon: birdDaemon, stale: [], ended: () => undefined },
    { daemon: { ...agent, argv: [...agent.argv, "--lab"] }, stale: [], ended: clearFault },
  ].map(({ daemon, stale, ended }) => [
    daemon.name as string,
    new Keeper(daemon, { log: `/run/log/${daemon.name}.log`, stale, ended }),
  ]),
);

/** That of a service; OpenVPN's come to be with their files. Undefined where there is no such service. */
function keeperOf(name: string): Keeper | undefined {
  const known = keepers.get(name);
  if (known !== undefined || !isVpnService(name) || name === "bird") return known;
  const keeper = new Keeper(openvpnDaemon(name), {
    log: `/run/log/${name}.log`,
    stale: [],
    ended: () => undefined,
  });
  keepers.set(name, keeper);
  return keeper;
}

let networkStarted = false;

async function act({ action, name }: ControlRequest): Promise<ControlAnswer> {
  if (!actions.includes(action)) return { error: `the supervisor knows no ${String(action)}` };
  const keeper = keeperOf(name);
  if (keeper === undefined && name !== network) return { error: `there is no service ${name}` };
  if (action === "enable") enable(name);
  else if (action === "disable") rmSync(`${enabled}/${name}`, { force: true });
  else if (keeper === undefined) {
    if (action !== "status" && action !== "stop") await boot();
    return { status: { running: networkStarted, pid: null, restarts: 0 } };
  } else if (action !== "status") {
    await keeper[action]();
    if (keeper.status().running) enable(name); // As `systemctl enable --now`: it comes back after a power loss.
  }
  return { status: keeper?.status() ?? { running: networkStarted, pid: null, restarts: 0 } };
}

const enable = (name: string): void => writeFileSync(`${enabled}/${name}`, "");

async function boot(): Promise<void> {
  if (!existsSync(paths.nodeJson)) return;
  await startNetwork(readFileSync(paths.nodeJson, "utf8"), log);
  networkStarted = true;
}

/** The directories that the units and packages of a real node have systemd make at every boot. */
function makeDirectories(): void {
  mkdirSync(enabled, { recursive: true });
  mkdirSync(paths.runDir, { recursive: true });
  for (const socket of [paths.haproxyAdmin, paths.haproxyMaster])
    mkdirSync(dirname(socket), { recursive: true });
  mkdirSync(dirname(paths.birdSocket), { recursive: true });
}

async function startEnabled(): Promise<void> {
  try {
    await boot();
    for (const name of readdirSync(enabled)) keeperOf(name);
    for (const [name, keeper] of keepers) if (existsSync(`${enabled}/${name}`)) keeper.start();
  } catch (error) {
    log.write(`${String(error)}\n`); // As systemd would: what requires it stays down, and the machine runs on.
  }
}

function listen(): void {
  // The asker closes its half behind the request.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    createInterface({ input: socket }).once("line", (line) => {
      void answer(line).then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
    });
  });
  server.listen(controlSocket, () => chmodSync(controlSocket, 0o600));
}

async function answer(line: string): Promise<ControlAnswer> {
  try {
    return await act(JSON.parse(line) as ControlRequest);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

makeDirectories();
await startEnabled();
listen();
