import { useState } from "preact/hooks";
import type { HistoryEntry } from "../../api/documents.js";
import { useAnswer } from "../link/use-answer.js";
import { barredBecause } from "../model/barred.js";
import { historyKey } from "../model/refresh.js";
import type { State } from "../model/state.js";
import { BringBack } from "./bring-back.js";
import { Dialog } from "./dialog.js";
import { GenerationDiff } from "./generation-diff.js";
import { LazyDetails } from "./lazy-details.js";

interface History {
  readonly node: string;
  readonly in_maintenance: boolean;
  readonly entries: readonly HistoryEntry[];
  readonly damaged: readonly string[];
}

/** How many are seen without asking. */
const shown = 5;

/** What ran, newest first: when, by whom, why, what it changed, and the way back to it. */
export function Generations({ state }: { readonly state: State }) {
  const { answer, trouble } = useAnswer<History>("/v1/history", historyKey(state));
  const { entries = [] } = answer ?? {};
  const running = entries.find(({ current }) => current)?.number ?? null;
  const barred = barredBecause(state) ?? barredByTrial(state);
  // As it was when it was opened: what it brings about makes another one the running one.
  const [back, bring] = useState<{ readonly number: number; readonly running: number } | null>(null);
  const list = { running, barred, bring: (number: number) => running !== null && bring({ number, running }) };
  return (
    <>
      {trouble !== null && <p class="trouble">The generations could not be asked: {trouble}</p>}
      {answer?.in_maintenance && (
        <p class="clause warning">
          {answer.node} is in maintenance, and left out of changes: its peers may have newer ones.
        </p>
      )}
      {answer !== null && entries.length === 0 && <p class="muted">nothing was applied yet</p>}
      <Entries entries={entries.slice(0, shown)} {...list} />
      {entries.length > shown && (
        <LazyDetails summary={`${entries.length - shown} older`}>
          {() => <Entries entries={entries.slice(shown)} {...list} />}
        </LazyDetails>
      )}
      {back !== null && (
        <Dialog title={`Bring generation ${back.number} back`} closed={() => bring(null)}>
          <BringBack {...back} />
        </Dialog>
      )}
      {answer?.damaged.map((sentence) => (
        <p key={sentence} class="trouble">
          {sentence}
        </p>
      ))}
    </>
  );
}

/** One change after the other. */
const barredByTrial = ({ picture }: State): string | null =>
  picture?.trial ? "a generation is on trial: keep it or go back first" : null;

interface List {
  readonly running: number | null;
  readonly barred: string | null;
  readonly bring: (number: number) => void;
}

const Entries = ({ entries, ...list }: List & { readonly entries: readonly HistoryEntry[] }) => (
  <ol class="generations">
    {entries.map((entry) => (
      <Generation key={entry.digest} entry={entry} {...list} />
    ))}
  </ol>
);

function Generation({ entry, running, barred, bring }: List & { readonly entry: HistoryEntry }) {
  const { number, digest, at, author, message, program, current, confirm_by } = entry;
  return (
    <li class={current ? "current" : ""}>
      <p class="which">
        <b>{number}</b> <code>{digest.slice(0, 6)}</code>
        {current && <strong>{confirm_by === null ? "runs" : "runs on trial"}</strong>}
        <span>
          {new Date(at).toLocaleString()} by {author}
        </span>
        <small>holdfast {program}</small>
      </p>
      {message !== "" && <p class="why">{message}</p>}
      {!current && running !== null && (
        <button
          type="button"
          aria-haspopup="dialog"
          disabled={barred !== null}
          title={barred ?? undefined}
          onClick={() => bring(number)}
        >
          Bring {number} back…
        </button>
      )}
      <LazyDetails summary="What it changed">
        {() => <GenerationDiff number={number} from={null} />}
      </LazyDetails>
    </li>
  );
}
