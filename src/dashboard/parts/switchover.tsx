import { useState } from "preact/hooks";
import type { SwitchoverCheck } from "../../api/check-routes.js";
import { ask } from "../link/ask.js";
import { type Answered, useAnswer } from "../link/use-answer.js";
import { checkOf } from "../model/check.js";
import { costOfMove } from "../model/cost.js";
import { moveKey } from "../model/refresh.js";
import { safeToMove } from "../model/safe-to-move.js";
import type { State } from "../model/state.js";
import { DeedForm } from "./deed-form.js";
import { Opener } from "./opener.js";

interface Moved {
  readonly from: string;
  readonly to: string;
  readonly gap: number;
  readonly verdict: string;
}

/** Milliseconds: the move is probed for seconds, and a slow pair takes some more. */
const movedWithin = 40_000;

/** Whether it is safe to switch now, and the button that does. */
export function Switchover({ state, barred }: { readonly state: State; readonly barred: string | null }) {
  const check = useAnswer<SwitchoverCheck>("/v1/switchover", moveKey(state));
  const { level, words } = safeToMove(check);
  return (
    <div class="deed">
      <h3>Switchover</h3>
      <p class={`clause ${level}`} role="status">
        {words}
      </p>
      <Opener words="Switch over…" title="Move the virtual IPs" barred={barred} first>
        {() => <SwitchoverForm state={state} check={check} />}
      </Opener>
    </div>
  );
}

interface FormProps {
  readonly state: State;
  readonly check: Answered<SwitchoverCheck>;
}

function SwitchoverForm({ state, check }: FormProps) {
  const { answer } = check;
  const [chosen, choose] = useState<string | null>(null);
  const targets = answer?.targets ?? [];
  const target =
    targets.find(({ to }) => to === chosen) ??
    targets.find(({ obstacle }) => obstacle === null) ??
    targets[0];
  const from = answer?.from ?? null;
  const to = target?.to ?? null;
  const expected =
    answer === null ? [] : [`the virtual IPs are silent for ${answer.expected} ms at most, as expected`];
  return (
    <DeedForm
      words={`Move the virtual IPs from ${from ?? "nobody"} to ${to ?? "nobody"}`}
      costs={[...expected, ...(state.picture === null ? [] : costOfMove(state.picture, to))]}
      check={checkOf(check, () => ({
        obstacle: target === undefined ? "there is no other node" : target.obstacle,
        forceable: target?.forceable === true,
        warnings: target?.warning ? [target.warning] : [],
      }))}
      act={async (force) => {
        const moved = await ask<Moved>("POST", "/v1/switchover", { to, force }, movedWithin);
        return [`${moved.from} -> ${moved.to}: gap ${Math.round(moved.gap)} ms, ${moved.verdict}.`];
      }}
    >
      {targets.length > 1 && (
        <fieldset>
          <legend>To which node</legend>
          {targets.map((each) => (
            <label key={each.to} class="check">
              <input type="radio" name="target" checked={each.to === to} onChange={() => choose(each.to)} />
              {each.to} {each.obstacle === null ? "" : <small>(something speaks against it)</small>}
            </label>
          ))}
        </fieldset>
      )}
    </DeedForm>
  );
}
