import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { Chores } from "../../src/agent/chores.js";
import type { Drifted } from "../../src/agent/drift/drift-ledger.js";
import { KernelRules } from "../../src/agent/drift/kernel-rules.js";
import { DriftWatch } from "../../src/agent/drift/watch.js";
import { HaproxyWatch } from "../../src/agent/engines/haproxy-watch.js";
import type { Services } from "../../src/host/host.js";
import { openHost } from "../../src/host/machine.js";
import { paths } from "../../src/render/paths.js";

/** The drift watch alone, run inside a sandbox: what it tells goes to stdout as JSON lines, orders come on stdin. */
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const haproxy = (): number | null => {
  try {
    const pid = Number(readFileSync(paths.haproxyPid, "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
};

const services: Services = {
  status: async (name) => ({
    running: name === "haproxy" && haproxy() !== null,
    pid: haproxy(),
    restarts: 0,
  }),
  reload: async (name) => {
    say({ told: "reloaded", name });
    const pid = haproxy();
    if (name === "haproxy" && pid !== null) process.kill(pid, "SIGUSR2");
  },
  reloadUnits: async () => say({ told: "units read again" }),
  ...{ start: async () => {}, stop: async () => {}, restart: async () => {} },
  ...{ enable: async () => {}, disable: async () => {} },
};

const host = openHost({ name: "lb-a", root: "/", enter: [], services });
const log = pino(pino.destination(2));
const rules = new KernelRules(host, log);
const watch = new DriftWatch(
  host,
  rules,
  {
    found: (items: readonly Drifted[]) => say({ told: "found", items }),
    gone: (items: readonly Drifted[]) => say({ told: "gone", items }),
    restored: (item: Drifted) => say({ told: "restored", items: [item] }),
    gaveUp: (item: Drifted, why: string) => say({ told: "gave up", items: [item], why }),
  },
  new Chores(),
  log,
);
const haproxyWatch = new HaproxyWatch(
  {
    ...{ gone: () => undefined, back: () => undefined, renewed: () => undefined, servers: () => undefined },
    standing: (answer) => watch.poolAnswers(answer),
  },
  { calm: 500, doubt: 500 },
);
const pulse = setInterval(() => haproxyWatch.look(performance.now()), 300);
say({ told: "watching" });

for await (const order of createInterface({ input: process.stdin })) {
  if (order === "suspend") await watch.suspend();
  if (order === "resume") watch.resume();
  const { user, system } = process.cpuUsage();
  say({
    told: "done",
    order,
    items: watch.items(),
    cpu: (user + system) / 1000,
    rss: process.memoryUsage().rss,
  });
}
clearInterval(pulse);
await haproxyWatch.stop();
await watch.stop();
await rules.stop();
