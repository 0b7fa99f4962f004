import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LoadReport } from "../src/lab/openflow-load/run.js";
import { program } from "../src/lab/program.js";
import { doorIn } from "../src/render/multiplexer-doors.js";
import type { MultiplexerDocument } from "../src/render/multiplexer-json.js";
import type { Bar, Bench } from "./bench.js";
import { median, spread } from "./statistics.js";

const common = ["--warm-up", "1", "--seconds", "3", "--size", "64"];
const loads = {
  /** One message on its way at a time: what each hop costs. */
  one: ["--switches", "1", "--window", "1", ...common],
  /** Each message a packet of its own. */
  alone: ["--switches", "16", "--window", "1", ...common],
  /** Many in each. */
  together: ["--switches", "16", "--window", "16", ...common],
};
type Load = keyof typeof loads;
type Kind = "plain" | "shared";
type Pass = Readonly<Record<Load, LoadReport>>;

/** The multiplexer stands in the path: what that costs, beside HAProxy with one thread alone. */
export const sharedPath: Bench = {
  name: "shared-path",
  runs: 9,
  summary:
    "what a multiplexer behind HAProxy costs, beside HAProxy alone, with a master controller that listens",
  async run({ runs, progress, signal }) {
    const stage = await Stage.up();
    try {
      for (const kind of ["plain", "shared"] as const) await through(stage, kind, signal);
      const rounds: Record<Kind, Pass>[] = [];
      for (let round = 0; round < runs; round += 1) {
        const passes: Partial<Record<Kind, Pass>> = {};
        const kinds = round % 2 === 0 ? (["plain", "shared"] as const) : (["shared", "plain"] as const);
        for (const kind of kinds) passes[kind] = await through(stage, kind, signal);
        const { plain, shared } = passes as Record<Kind, Pass>;
        rounds.push({ plain, shared });
        const told = (["alone", "together"] as const).map(
          (load) =>
            `${load} ${(shared[load].rate / plain[load].rate).toFixed(2)} of ${Math.round(plain[load].rate)}/s`,
        );
        progress(
          `round ${round + 1}: ${told.join(", ")}, ${added(shared, plain).toFixed(1)} us added at one`,
        );
      }
      return bars(rounds);
    } finally {
      await stage.down();
    }
  },
};

/** Microseconds, in the median of one connection's messages. */
const added = (shared: Pass, plain: Pass): number => 1_000 * (shared.one.latency.p50 - plain.one.latency.p50);

function bars(rounds: readonly Record<Kind, Pass>[]): Bar[] {
  const ratio = (load: Load): Bar => {
    const all = rounds.map(({ shared, plain }) => shared[load].rate / plain[load].rate);
    const rates = (kind: Kind) =>
      spread(
        rounds.map((round) => round[kind][load].rate),
        0,
      );
    return {
      ...{ name: `messages a second, 16 connections, ${load}`, unit: "x", figure: median(all) },
      ...{ atMost: null, atLeast: 0.4 },
      detail: `${spread(all, 2)}; ${rates("shared")} beside ${rates("plain")}`,
    };
  };
  const all = rounds.map(({ shared, plain }) => added(shared, plain));
  return [
    ratio("alone"),
    ratio("together"),
    {
      ...{
        name: "added to the median latency, one connection",
        unit: "ms",
        figure: median(all) / 1_000,
        atMost: 0.06,
      },
      detail: `${spread(all, 1)} us`,
    },
  ];
}

async function through(stage: Stage, kind: Kind, signal: AbortSignal): Promise<Pass> {
  const pass: Partial<Record<Load, LoadReport>> = {};
  for (const [load, words] of Object.entries(loads) as [Load, string[]][]) {
    signal.throwIfAborted();
    pass[load] = await stage.load(kind, words);
  }
  return pass as Pass;
}

/** HAProxy with one thread, a controller that only answers, a master controller that only listens, all on loopback. */
class Stage {
  private constructor(
    private readonly directory: string,
    private readonly ports: Readonly<Record<Kind, number>>,
    private readonly running: readonly ChildProcess[],
  ) {}

  static async up(): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), "shared-path-"));
    const [pool = 0, master = 0, plain = 0, shared = 0] = await freePorts(4);
    const doors = join(directory, "doors", "openflow");
    const served: MultiplexerDocument = {
      services: [
        {
          ...{ name: "openflow", directory: doors, replies: "forward", writes: "forward" },
          master: { address: "127.0.0.1", port: master, queue: 4 * 2 ** 20 },
          servers: [{ name: "c1", address: "127.0.0.1", port: pool }],
        },
      ],
    };
    await writeFile(join(directory, "multiplexer.json"), JSON.stringify(served));
    const configuration = join(directory, "haproxy.cfg");
    await writeFile(configuration, configured(plain, shared, pool, doorIn(doors, "c1")));
    const node = (file: string, ...words: (string | number)[]) =>
      spawn(process.execPath, [file, ...words.map(String)], { stdio: ["ignore", "ignore", "inherit"] });
    const worker = fork(fileURLToPath(new URL("shared-worker.mjs", import.meta.url)), [directory]);
    const running = [
      node(program.openflowResponder, "127.0.0.1", pool),
      node(program.openflowRecorder, "127.0.0.1", master),
      worker,
      spawn("haproxy", ["-db", "-f", configuration], { stdio: ["ignore", "ignore", "inherit"] }),
    ];
    await once(worker, "message");
    await sleep(1_500);
    return new Stage(directory, { plain, shared }, running);
  }

  async load(kind: Kind, words: readonly string[]): Promise<LoadReport> {
    const generator = spawn(
      process.execPath,
      [program.openflowLoad, "127.0.0.1", String(this.ports[kind]), ...words],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let text = "";
    generator.stdout.on("data", (piece) => {
      text += piece;
    });
    const [code] = await once(generator, "close");
    if (code !== 0) throw new Error(`the generator ended with ${code}`);
    const report = JSON.parse(text) as LoadReport;
    if (report.sessions.lost > 0) throw new Error(`sessions ended: ${JSON.stringify(report.sessions)}`);
    return report;
  }

  async down(): Promise<void> {
    for (const child of this.running) {
      if (child.exitCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await rm(this.directory, { recursive: true });
  }
}

const configured = (plain: number, shared: number, pool: number, socket: string): string => `global
    nbthread 1
defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
listen plain
    bind 127.0.0.1:${plain}
    server c1 127.0.0.1:${pool}
listen shared
    bind 127.0.0.1:${shared}
    server c1 unix@${socket} send-proxy-v2
`;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
