import type { LoadReport } from "../src/lab/openflow-load/run.js";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { type MasterState, MirrorStage } from "./mirror-stage.js";
import { median, spread } from "./statistics.js";

const states = ["healthy", "stalled", "dead"] as const satisfies readonly MasterState[];

const common = ["--warm-up", "2", "--seconds", "3"];
const loads = {
  /** What a busy site says. */
  paced: ["--switches", "16", "--rate", "20000", ...common],
  /** As much as the processors carry where each message is a packet of its own: the capture has most to do. */
  alone: ["--switches", "64", "--window", "1", ...common],
  /** And where many are in each. */
  together: ["--switches", "16", "--window", "16", ...common],
};
type Load = keyof typeof loads;
type Sums = Record<Load, number>;
const saturating = ["alone", "together"] as const satisfies readonly Load[];

/** The most that the copy has to carry without loss. */
const dense = ["--switches", "16", "--rate", "50000", "--size", "64", ...common];

/** One way through all loads. */
interface Pass {
  /** Milliseconds, at the paced load. */
  readonly p99: number;
  /** Answers a second. */
  readonly rate: Readonly<Sums>;
  /** Messages that a healthy master controller did not get, of those that were sent. */
  readonly lost: Readonly<Sums>;
  readonly sent: Readonly<Sums>;
  /** Those of the lost that later ones followed. */
  readonly holes: Readonly<Sums>;
}

type Round = Readonly<Record<MasterState | "plain", Pass>>;

/** The copy may cost processor time; it may not cost the switches their answers. */
export const mirrorPath: Bench = {
  name: "mirror-path",
  runs: 9,
  summary: "what switches notice of a mirror whose master controller is healthy, stalled or dead",
  async run(options) {
    options.progress("starting two labs");
    const plain = await MirrorStage.up(false, options.signal);
    let mirrored: MirrorStage | null = null;
    try {
      mirrored = await MirrorStage.up(true, options.signal);
      // The first of all would be measured while everything is still being compiled.
      for (const stage of [plain, mirrored]) await through(stage, null);
      const rounds: Round[] = [];
      for (let round = 0; round < options.runs; round += 1)
        rounds.push(await once(plain, mirrored, round, options));
      const { report, copied } = await mirrored.load(dense, "healthy");
      return [
        ...states.flatMap((state) => compared(rounds, state)),
        ...copies(rounds, report, copied?.messages ?? 0),
      ];
    } finally {
      await mirrored?.down();
      await plain.down();
    }
  },
};

/** Each in turn, beginning with another one every time. */
async function once(
  plain: MirrorStage,
  mirrored: MirrorStage,
  round: number,
  { progress, signal }: BenchOptions,
): Promise<Round> {
  const passes: Partial<Record<MasterState | "plain", Pass>> = {};
  const kinds = ["plain", ...states] as const;
  for (let index = 0; index < kinds.length; index += 1) {
    signal.throwIfAborted();
    const kind = kinds[(round + index) % kinds.length] ?? "plain";
    const pass = await through(kind === "plain" ? plain : mirrored, kind === "plain" ? null : kind);
    passes[kind] = pass;
    const { sent, ...told } = pass;
    progress(`round ${round + 1}, ${kind}: ${JSON.stringify(told)}`);
  }
  return passes as Round;
}

async function through(stage: MirrorStage, state: MasterState | null): Promise<Pass> {
  const nothing: Sums = { paced: 0, alone: 0, together: 0 };
  const [rate, lost, sent, holes] = [{ ...nothing }, { ...nothing }, { ...nothing }, { ...nothing }];
  let p99 = Number.NaN;
  for (const [load, words] of Object.entries(loads) as [Load, string[]][]) {
    const { report, copied } = await stage.load(words, state);
    if (report.sessions.lost > 0 || report.live !== report.switches)
      throw new Error(`sessions of switches ended: ${JSON.stringify(report.sessions)}`);
    if (load === "paced") p99 = report.latency.p99;
    rate[load] = report.rate;
    sent[load] = report.messages.sentInAll;
    if (state !== "healthy") continue;
    lost[load] = sent[load] - (copied?.messages ?? 0);
    holes[load] = copied?.missing ?? 0;
  }
  return { p99, rate, lost, sent, holes };
}

function compared(rounds: readonly Round[], state: MasterState): Bar[] {
  const ratio = (value: (pass: Pass) => number, digits: number) => {
    const all = rounds.map((round) => value(round[state]) / value(round.plain));
    const [own, plain] = [state, "plain" as const].map((kind) =>
      spread(
        rounds.map((round) => value(round[kind])),
        digits,
      ),
    );
    return { figure: median(all), detail: `${spread(all, 2)}; ${own} beside ${plain}` };
  };
  const unit = "x";
  return [
    { name: `p99 at 20,000 a second, master ${state}`, unit, ...ratio(({ p99 }) => p99, 2), atMost: 1.15 },
    ...saturating.map((load) => ({
      ...({
        name: `throughput, messages ${load}, master ${state}`,
        unit,
        atMost: null,
        atLeast: 0.7,
      } as const),
      ...ratio(({ rate }) => rate[load], 0),
    })),
  ];
}

/** What the copy of a healthy master controller lacked. */
function copies(rounds: readonly Round[], { messages, rate }: LoadReport, got: number): Bar[] {
  const unit = "messages";
  const healthy = rounds.map((round) => round.healthy);
  const lost = (load: Load) => Math.max(...healthy.map((pass) => pass.lost[load]));
  const share = (load: Load) => median(healthy.map((pass) => (100 * pass.lost[load]) / pass.sent[load]));
  const missing = messages.sentInAll - got;
  return [
    {
      name: "lost by the copy, 20,000 a second",
      unit,
      figure: lost("paced"),
      atMost: 0,
      detail: "the worst round",
    },
    {
      ...{ name: "lost by the copy, 50,000 a second of 64 bytes", unit, figure: missing, atMost: 0 },
      detail: `of ${messages.sentInAll}; ${rate} answers a second`,
    },
    ...saturating.map((load) => ({
      ...({ name: `lost by the copy, messages ${load}`, unit, figure: lost(load), atMost: null } as const),
      detail: `the worst round; ${share(load).toFixed(2)} % in the median`,
    })),
  ];
}
