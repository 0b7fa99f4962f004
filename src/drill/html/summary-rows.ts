import type { AnyResult } from "../report.js";
import { type Figure, summarize } from "../summary.js";
import { element, type Markup } from "./markup.js";
import { ink, line, rect } from "./svg.js";
import { ms } from "./words.js";

/** One figure of one drill over all of its runs. */
export interface SummaryRow {
  /** First of its drill: names it. */
  readonly first: boolean;
  readonly anchor: string;
  readonly drill: string;
  readonly met: string;
  readonly pass: boolean;
  readonly figures: number;
  readonly figure: string;
  readonly p50: string;
  readonly p99: string;
  readonly worst: string;
  readonly allowed: string;
  readonly bar: Markup;
}

export const anchorOf = (index: number): string => `drill-${index + 1}`;

export const summaryRows = (results: readonly AnyResult[]): SummaryRow[] =>
  summarize(results).flatMap(({ drill, runs, met, figures }, index) =>
    figures.map((each, place) => ({
      ...{ first: place === 0, anchor: anchorOf(index), drill, met: `${met} of ${runs}` },
      ...{ pass: met === runs, figures: figures.length },
      ...{
        figure: each.name,
        p50: ms(each.p50),
        p99: ms(each.p99),
        worst: ms(each.worst),
        allowed: ms(each.atMost),
      },
      bar: headroom(each),
    })),
  );

/** The worst beside what was allowed, which ends at the mark. */
function headroom({ worst, atMost }: Figure): Markup {
  const [width, mark] = [120, 90];
  const share = atMost > 0 ? worst / atMost : worst > 0 ? 2 : 0;
  const over = share > 1;
  return element(
    "svg",
    {
      class: "headroom",
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} 12`,
      "aria-hidden": "true",
    },
    rect(0, 3.5, mark, 5, { fill: ink.faint }),
    rect(0, 3.5, Math.min(width, Math.max(share > 0 ? 1 : 0, share * mark)), 5, {
      fill: over ? ink.struck : "#4a7a5c",
    }),
    line(mark, 0.5, mark, 11.5, { stroke: ink.limit, "stroke-width": 1.4 }),
  );
}
