import { useEffect, useState } from "preact/hooks";
import type { LivePicture } from "../../api/live.js";
import { agentNow, ask } from "../link/ask.js";
import { followChange } from "../link/follow-change.js";
import { secondsLeft, spoken } from "../model/time-left.js";
import { DeedForm } from "./deed-form.js";
import { Opener } from "./opener.js";

type OnTrial = NonNullable<LivePicture["trial"]>;

interface Confirmed {
  readonly generation: { readonly number: number };
  readonly nodes: readonly string[];
  readonly silent: readonly string[];
}

interface TrialProps {
  /** Null where none is; a dialog that is open tells then how it ended. */
  readonly trial: OnTrial | null;
  readonly barred: string | null;
}

/** A generation that goes back by itself: how long it has left, to keep it, to end it. */
export function Trial({ trial, barred }: TrialProps) {
  const over = trial === null;
  return (
    <div class={over ? "over" : "deed trial-deed"}>
      {trial !== null && <Whose trial={trial} />}
      <p class="buttons">
        <Opener
          words="Confirm…"
          title="Keep the generation that is on trial"
          barred={barred}
          over={over}
          first
        >
          {() => (
            <DeedForm
              words="Keep it on every node"
              costs={["it stays: to go back later is another change"]}
              act={confirm}
            />
          )}
        </Opener>
        <Opener words="Go back…" title="End the trial" barred={barred} over={over}>
          {() => (
            <DeedForm
              words="Go back to the generation before, on every node"
              costs={["what it changed is taken back now, and not when its time is over"]}
              act={(_force, say) => goBack(say)}
            />
          )}
        </Opener>
      </p>
    </div>
  );
}

const Whose = ({ trial: { author, message, confirm_by } }: { readonly trial: OnTrial }) => (
  <>
    <h3>On trial</h3>
    <p>
      A generation of <b>{author}</b>
      {message !== "" && ` (${message})`}: every node goes back in <TimeLeft until={confirm_by} />.
    </p>
  </>
);

/** Counts down. Nobody is read each second of it. */
function TimeLeft({ until }: { readonly until: string }) {
  const [left, setLeft] = useState(() => secondsLeft(until, agentNow()));
  useEffect(() => {
    const look = () => setLeft(secondsLeft(until, agentNow()));
    look();
    const timer = setInterval(look, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <b role="timer" aria-live="off">
      {spoken(left)}
    </b>
  );
}

async function confirm(): Promise<string[]> {
  const { generation, nodes, silent } = await ask<Confirmed>("POST", "/v1/confirm", {});
  return [
    `Generation ${generation.number} is kept on ${nodes.join(" and ")}.`,
    ...silent.map((name) => `${name} did not say so: it settles from the others.`),
  ];
}

async function goBack(say: (line: string) => void): Promise<string[]> {
  const { id } = await ask<{ id: string }>("POST", "/v1/rollback", { generation: null });
  return followChange(id, "undone", say);
}
