import { ApiError, elsewhere } from "../../api/api-error.js";
import { readGeneration, readHistory } from "../../deploy/history.js";
import { generationBefore, historyDiff } from "../../deploy/history-diff.js";
import { told } from "../../fleet/told.js";
import type { Host } from "../../host/host.js";
import type { Handlers } from "../server/handlers.js";
import { trialOf } from "./node-files.js";
import { transactionOf } from "./node-report.js";
import type { OwnNode } from "./own-node.js";

export interface HistoryParts {
  readonly node: string;
  readonly host: Host;
  readonly own: Pick<OwnNode, "record" | "ending">;
  readonly inMaintenance: () => boolean;
}

/** What ran on this node, as it was written, and what each change of it was. */
export const historyHandlers = ({ node, host, own, inMaintenance }: HistoryParts) =>
  ({
    topology: async () => {
      const current = (await readHistory(host)).entries.find((entry) => entry.current);
      if (current === undefined)
        throw new ApiError(404, "this node has no topology yet: 'holdfast apply' brings one", elsewhere);
      const { number, digest } = current;
      return { generation: { number, digest }, topology: (await written(host, number)).topology };
    },
    history: async () => {
      // Before the generations: a change that has ended by now has left them as they stay.
      const record = await own.record();
      const transaction = transactionOf(record, own.ending);
      const { entries, damaged } = await readHistory(host, trialOf(record));
      return {
        node,
        in_maintenance: inMaintenance(),
        entries: [...entries],
        damaged: [...damaged],
        transaction,
      };
    },
    generation: async ({ params }) => written(host, params.number, trialOf(await own.record())),
    generationDiff: async ({ params: { number }, query }) => {
      const { entries } = await readHistory(host);
      const from = query.from ?? generationBefore(entries, number)?.number ?? null;
      const before = from === null ? null : (await written(host, from)).topology;
      const after = (await written(host, number)).topology;
      const diff = historyDiff({ number: from ?? 0, topology: before }, { number, topology: after });
      return { number, from, diff };
    },
  }) satisfies Partial<Handlers>;

async function written(host: Host, number: number, trial: ReturnType<typeof trialOf> = null) {
  const found = await told(readGeneration(host, number, trial));
  if (found === null || found.topology === null)
    throw new ApiError(
      404,
      `this node has no topology of generation ${number}: 'holdfast history' lists those it has`,
    );
  return { entry: found.entry, topology: found.topology };
}
