import { barredBecause } from "../model/barred.js";
import type { State } from "../model/state.js";
import { Maintenance } from "./maintenance.js";
import { Switchover } from "./switchover.js";
import { Trial } from "./trial.js";

/** What an operator can do. Whoever may not sees the same, and why he cannot. */
export function Actions({ state }: { readonly state: State }) {
  const { cluster, picture } = state;
  if (cluster === null || picture === null) return <p class="muted">nothing was applied yet</p>;
  const barred = barredBecause(state);
  return (
    <>
      {barred !== null && <p class="muted barred">{barred}.</p>}
      <div class="deeds">
        <Trial trial={picture.trial} barred={barred} />
        {cluster.nodes.length > 0 && (
          <>
            <Switchover state={state} barred={barred} />
            <Maintenance state={state} barred={barred} />
          </>
        )}
      </div>
    </>
  );
}
