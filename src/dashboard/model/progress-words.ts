import type { Outcome, Progress } from "../../api/progress.js";

/** A line for what is told during a change of all nodes; empty for its end. Pure. */
export function progressLine(progress: Progress): string {
  switch (progress.kind) {
    case "prepared":
      return `${progress.node}: prepared ${after(progress.took)}`;
    case "refused":
      return `${progress.node} refuses: ${progress.refusals.map(({ words }) => words).join("; ")}`;
    case "committed":
      return `${progress.node}: committed ${after(progress.took)}`;
    case "healthy":
      return `${progress.node}: healthy ${after(progress.took)}`;
    case "answers":
      return `${progress.node}: ${progress.endpoints.join(", ") || "nothing to answer"} ${after(progress.took)}`;
    case "failed":
      return `${progress.node} failed (${progress.stage}): ${progress.why}`;
    case "restored":
      return `${progress.node}: as it was before`;
    case "ended":
      return "";
  }
}

/** What came of it. Pure. */
export function outcomeWords({ outcome, generation, nodes, trouble, confirm_by }: Outcome): string[] {
  const what = generation === null ? "nothing" : `generation ${generation.number}`;
  const where = nodes.join(" and ");
  const words = {
    kept: `${what} runs on ${where}`,
    unchanged: "there was nothing to do: every node runs it already",
    trial: `${what} is on trial on ${where} until ${confirm_by === null ? "its time is over" : clock(confirm_by)}: everything goes back then, unless it is confirmed`,
    undone: `it is not kept: ${what} runs on ${where}`,
    unsettled: `it has not been settled yet on ${where}`,
  };
  return [words[outcome], ...trouble];
}

const after = (milliseconds: number): string => `after ${(milliseconds / 1_000).toFixed(1)} s`;
const clock = (iso: string): string => new Date(iso).toLocaleTimeString();
