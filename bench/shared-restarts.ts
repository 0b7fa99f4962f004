import { setTimeout as sleep } from "node:timers/promises";
import type { Bar, Bench } from "./bench.js";
import { byDatapath, type Recorded } from "./recorded.js";
import { type Blow, everySwitch, SharedRestartsStage } from "./shared-restarts-stage.js";
import { median, spread } from "./statistics.js";

const blows: readonly Blow[] = ["killed", "stopped and continued", "restarted"];

/**
 * Milliseconds from one blow to the next, and before the first. Open vSwitch pauses for a second, and twice as long where the
 * connection before had lasted no longer than the last pause (lib/rconn.c): at its start it tries in vain for a while.
 */
const [settled, calm] = [4_000, 10_000];

/** Milliseconds that a switch may be away. */
const most = 1_600;

interface Dealt {
  readonly blow: Blow;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The multiplexer is dealt blows while switches speak: when all are back, and whether what was heard of them is whole. */
export const sharedRestarts: Bench = {
  name: "shared-restarts",
  runs: 100,
  summary:
    "how long switches are away when the multiplexer in their path is killed, stopped, and started again under load",
  async run({ runs, progress, signal }) {
    progress("starting the lab");
    const stage = await SharedRestartsStage.up(signal);
    try {
      const dealt: Dealt[] = [];
      let past = 0;
      await stage.whole(signal);
      await sleep(calm, undefined, { signal });
      for (let run = 0; run < runs; run += 1) {
        for (const blow of blows) {
          const at = Date.now();
          dealt.push({ blow, at });
          await stage.deal(blow);
          await sleep(Math.max(0, at + settled - Date.now()), undefined, { signal });
          const went = await stage.whole(signal);
          if (went > 0) progress(`run ${run + 1}, ${blow}: ${went} of ${everySwitch} had gone past it`);
          past += went;
        }
        if ((run + 1) % 10 === 0) progress(`${dealt.length} blows`);
      }
      return bars(await stage.account(), dealt, past);
    } finally {
      await stage.down();
    }
  },
};

/** Each switch's absence after each blow: until it was with a controller again. */
function bars(lines: readonly Recorded[], dealt: readonly Dealt[], past: number): Bar[] {
  const switches = byDatapath(lines);
  if (switches.size !== everySwitch) throw new Error(`${switches.size} of ${everySwitch} switches came`);
  const worst = dealt.map(({ blow, at }) => {
    const absences = [...switches.values()].map((own) => absence(own, at));
    const untouched = [...switches.keys()].filter((_, index) => absences[index] === 0);
    return { blow, absence: Math.max(...absences), untouched, late: absences.filter((each) => each > most) };
  });
  const of = (blow: Blow): Bar => {
    const own = worst.map((each, index) => ({ ...each, index })).filter((each) => each.blow === blow);
    const absences = own.map((each) => each.absence);
    const late = own
      .filter(({ absence }) => absence > most)
      .map(({ late: those, index }) => `; blow ${index + 1}: ${those.length} late, ${spread(those, 0)}`);
    return {
      ...{ name: `${blow}: every switch back (worst)`, unit: "ms", figure: Math.max(...absences) },
      ...{
        atMost: most,
        detail: `median ${median(absences).toFixed(0)}, ${spread(absences, 0)}${late.join("")}`,
      },
    };
  };
  const total = lines.reduce((sum, { numbers }) => sum + numbers.seen, 0);
  return [
    ...blows.map(of),
    {
      ...{ name: "messages missing, twice or out of turn within a connection", unit: "messages" },
      ...{ figure: broken(switches), atMost: 0, detail: `of ${total} on ${lines.length} connections` },
    },
    {
      ...{ name: "switches that came back past it", unit: "times", figure: past, atMost: null },
      detail: `of ${dealt.length * everySwitch}`,
    },
    {
      ...{ name: "switches whose session a blow did not end", unit: "times", atMost: 0 },
      figure: worst.reduce((sum, { untouched }) => sum + untouched.length, 0),
      detail: worst
        .flatMap(({ untouched, blow }, index) =>
          untouched.map((datapath) => `blow ${index + 1}, ${blow}: ${datapath}`),
        )
        .join("; "),
    },
  ];
}

/**
 * Milliseconds from a blow until the next connection of a switch that had none at some time before the next blow; 0 for
 * one whose connection lasted.
 */
function absence(own: readonly Recorded[], at: number): number {
  const gaps = own.flatMap(({ ended }, index) =>
    ended === null ? [] : { from: ended.at, to: own[index + 1]?.opened ?? Number.POSITIVE_INFINITY },
  );
  const here = gaps.filter(({ from, to }) => from < at + settled && to > at);
  return Math.max(0, ...here.map(({ to }) => to - at));
}

/** What a controller heard is an unbroken beginning of what the switch said on that connection, and the next goes on behind it. */
function broken(switches: ReadonlyMap<string, readonly Recorded[]>): number {
  let count = 0;
  for (const own of switches.values()) {
    let heard = -1;
    for (const { numbers, ended } of own) {
      count += numbers.missing + numbers.back;
      if (numbers.first !== null && numbers.first <= heard) count += 1;
      if (ended?.why === "it said what is not OpenFlow") count += 1;
      heard = numbers.last ?? heard;
    }
  }
  return count;
}
