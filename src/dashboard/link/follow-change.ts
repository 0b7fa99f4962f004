import type { Progress } from "../../api/progress.js";
import { outcomeWords, progressLine } from "../model/progress-words.js";
import { AskError } from "./ask.js";
import { follow } from "./follow.js";

/** A change of all nodes, to its end: what came of it. @throws AskError where that is not what was wanted */
export async function followChange(
  id: string,
  wanted: "kept" | "undone",
  say: (line: string) => void,
): Promise<string[]> {
  const ended = await follow<Progress>(`/v1/applies/${id}/progress`, (progress) => {
    if (progress.kind !== "ended") say(progressLine(progress));
  });
  const words = outcomeWords(ended);
  const { outcome } = ended;
  if (outcome === "unsettled") throw new AskError(words.join("\n"), 500);
  if ((outcome === "undone") !== (wanted === "undone")) throw new AskError(words.join("\n"), 409);
  return words;
}
