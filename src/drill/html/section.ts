import { definePage } from "../../render/template.js";
import type { Cluster } from "../../topology/cluster.js";
import { everyDrill } from "../offered.js";
import type { AnyResult } from "../report.js";
import { summarize } from "../summary.js";
import { drawnRuns } from "./drawn-runs.js";
import { nothing } from "./markup.js";
import { type RunView, runView } from "./run-view.js";
import { anchorOf } from "./summary-rows.js";
import { moment, ms } from "./words.js";

/** One drill: what it breaks, and what came of each of its runs. */
interface SectionView {
  readonly anchor: string;
  readonly number: number;
  readonly drill: string;
  readonly met: string;
  readonly pass: boolean;
  readonly summary: string;
  readonly why: string;
  readonly drawn: readonly RunView[];
  readonly repeated: boolean;
  readonly figures: readonly string[];
  readonly runs: readonly RunRow[];
}

interface RunRow {
  readonly number: number;
  readonly at: string;
  readonly injected: string;
  readonly values: readonly string[];
  readonly pass: boolean;
}

const row = { what: "silence", expected: "at most 85 ms", seen: "57 ms", met: true, missed: false };

const run: RunView = {
  ...{ repeated: true, number: 1, because: "it failed", injected: "lb-a off", at: "now", pass: false },
  ...{ rows: [row], failed: true, reasons: ["a session never came back"], notes: ["none"] },
  ...{ drawn: true, picture: nothing, timeline: nothing, caption: "drawn", told: true },
  events: [{ number: 1, at: "+58 ms", node: "lb-b", kind: "role", text: "lb-b is active" }],
};

const sample: SectionView = {
  ...{ anchor: "drill-1", number: 1, drill: "power-loss", met: "1 of 2", pass: false },
  ...{ summary: "it loses its power", why: "the standby takes over", drawn: [run], repeated: true },
  figures: ["virtual IP silent"],
  runs: [{ number: 1, at: "now", injected: "lb-a off", values: ["57 ms"], pass: true }],
};

export const section = definePage(
  "drill/section",
  sample,
  (cluster: Cluster, runs: readonly AnyResult[], index: number): SectionView => {
    const drill = runs[0]?.drill ?? "";
    const offered = everyDrill.find(({ name }) => name === drill);
    const met = runs.filter(({ verdict }) => verdict.pass).length;
    const figures = summarize(runs).flatMap((each) => each.figures.map(({ name }) => name));
    return {
      ...{ anchor: anchorOf(index), number: index + 1, drill, pass: met === runs.length },
      met: runs.length === 1 ? "" : `${met} of ${runs.length} runs met every expectation`,
      ...{ summary: offered?.summary ?? "", why: offered?.why ?? "" },
      drawn: drawnRuns(runs).map((each) => runView(cluster, each)),
      ...{ repeated: runs.length > 1, figures },
      runs: runs.length === 1 ? [] : runs.map((result, at) => runRow(result, at + 1, figures)),
    };
  },
);

function runRow(result: AnyResult, number: number, names: readonly string[]): RunRow {
  const own = summarize([result]).flatMap(({ figures }) => figures);
  const shownAs = (name: string): string => {
    const figure = own.find((each) => each.name === name);
    return figure === undefined ? "\u2013" : ms(figure.worst);
  };
  const { at, injected, verdict } = result;
  return { number, at: moment(at), injected, values: names.map(shownAs), pass: verdict.pass };
}
