import type { GenerationDiff as Answer } from "../../api/check-routes.js";
import { useAnswer } from "../link/use-answer.js";
import { Diff } from "./diff.js";

interface GenerationDiffProps {
  readonly number: number;
  /** Against which; null: the one before. */
  readonly from: number | null;
}

/** What a generation's topology says otherwise than another one's. */
export function GenerationDiff({ number, from }: GenerationDiffProps) {
  const query = from === null ? "" : `?from=${from}`;
  const { answer, trouble } = useAnswer<Answer>(`/v1/history/${number}/diff${query}`);
  if (trouble !== null) return <p class="trouble">{trouble}</p>;
  if (answer === null) return <p class="muted">asking…</p>;
  if (answer.diff === "") return <p class="muted">The topology is the same.</p>;
  const against = answer.from === null ? "nothing" : `generation ${answer.from}`;
  return <Diff of={answer.diff} label={`from ${against} to generation ${number}`} />;
}
