import { useId, useState } from "preact/hooks";
import { ask } from "../link/ask.js";
import { followChange } from "../link/follow-change.js";
import { useQuestion } from "../link/use-answer.js";
import { checkOf } from "../model/check.js";
import { costOfPlan, type Plan } from "../model/plan-words.js";
import { DeedForm } from "./deed-form.js";
import { GenerationDiff } from "./generation-diff.js";

/** Milliseconds, as the agent is told; null keeps it at once. */
const trials: readonly (readonly [string, number | null])[] = [
  ["for 60 s, then back unless it is confirmed", 60_000],
  ["for 5 min, then back unless it is confirmed", 300_000],
  ["for 30 min, then back unless it is confirmed", 1_800_000],
  ["no trial: keep it at once", null],
];

/** An older generation's topology as a new generation, on every node or none. */
export function BringBack({ number, running }: { readonly number: number; readonly running: number }) {
  const [message, setMessage] = useState("");
  const [trial, setTrial] = useState(0);
  const id = useId();
  const plan = useQuestion(() => planOf(number));
  const act = async (_force: boolean, say: (line: string) => void) => {
    const terms = {
      generation: number,
      message: message.trim(),
      confirm_timeout: trials[trial]?.[1] ?? null,
    };
    const { id: change, leads_to } = await ask<{ id: string; leads_to: number }>(
      "POST",
      "/v1/rollback",
      terms,
      plannedWithin,
    );
    say(`it becomes generation ${leads_to}`);
    return followChange(change, "kept", say);
  };
  return (
    <DeedForm
      words={`Apply the topology of generation ${number} again`}
      costs={plan.answer === null ? [] : costOfPlan(plan.answer)}
      check={checkOf(plan, () => ({ obstacle: null, forceable: false, warnings: [] }))}
      act={act}
    >
      <GenerationDiff number={number} from={running} />
      <p class="field">
        <label for={`${id}-why`}>Why</label>
        <input
          id={`${id}-why`}
          maxLength={380}
          autocomplete="off"
          value={message}
          onInput={({ currentTarget }) => setMessage(currentTarget.value)}
        />
      </p>
      <p class="field">
        <label for={`${id}-trial`}>On trial</label>
        <select
          id={`${id}-trial`}
          value={trial}
          onChange={({ currentTarget }) => setTrial(Number(currentTarget.value))}
        >
          {trials.map(([words], index) => (
            <option key={words} value={index}>
              {words}
            </option>
          ))}
        </select>
      </p>
    </DeedForm>
  );
}

/** Milliseconds: every node renders it. */
const plannedWithin = 40_000;

/** What every node says it would change; refused where it could not be applied. */
async function planOf(number: number): Promise<Plan> {
  const { topology } = await ask<{ topology: string }>("GET", `/v1/history/${number}`);
  return ask<Plan>("POST", "/v1/plan", { topology }, plannedWithin);
}
