import type { Span } from "../../api/event.js";
import { type Move, movesIn } from "../model/moves.js";
import { keyOf, type State } from "../model/state.js";

/** Moves that are seen at once. */
const most = 20;

/** Each move of the virtual IPs, newest first: why, how long it took, and what was seen. */
export function Failovers({ state }: { readonly state: State }) {
  const moves = movesIn(state.events);
  return (
    <>
      <h3>Moves of the virtual IPs</h3>
      {moves.length === 0 && <p class="muted">none, as far as the nodes' logs go back</p>}
      {moves.slice(0, most).map((move, index) => (
        <MoveDetails key={keyOf(move.event)} move={move} open={index === 0} />
      ))}
    </>
  );
}

function MoveDetails({ move: { event, details }, open }: { readonly move: Move; readonly open: boolean }) {
  const whole = details.spans.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return (
    <details open={open}>
      <summary>
        {new Date(event.at).toLocaleString()} {event.text}
      </summary>
      {details.spans.length > 0 && <Spans spans={details.spans} whole={whole} />}
      <ul class="evidence">
        {details.evidence.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </details>
  );
}

/** Where the time went. */
const Spans = ({ spans, whole }: { readonly spans: readonly Span[]; readonly whole: number }) => (
  <table>
    <tbody>
      {spans.map(({ what, milliseconds }) => (
        <tr key={what}>
          <th scope="row">{what}</th>
          <td class="number">{Math.round(milliseconds)} ms</td>
          <td>
            <meter
              min={0}
              max={Math.max(1, whole)}
              value={milliseconds}
              aria-label={`${what}, of the whole`}
            />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
