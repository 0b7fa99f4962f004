import { shortened } from "../../deploy/text-diff.js";
import { deviationKey } from "../../observe/deviation.js";
import type { Happening } from "../events/log.js";
import { Attempts } from "./attempts.js";
import type { Drifted } from "./drift-ledger.js";
import type { DriftListener } from "./watch.js";

/** Bytes of a diff that an event carries: one has room for 32 KiB. The agent's own list has all of it. */
const longest = 16 * 1024;

/** So many events of one thing within so many milliseconds: what flaps must not push everything else out of the log. */
const allowance = { times: 20, within: 600_000 };

/** `details` of an event of kind `drift`. */
interface DriftDetails extends Omit<Drifted, "sentence"> {
  readonly state: "found" | "gone" | "restored" | "gave up";
}

/** Tells the event log of drift, an event for each thing. */
export class DriftEvents implements DriftListener {
  private readonly told = new Attempts(allowance);
  private readonly silent = new Set<string>();

  constructor(private readonly append: (happening: Happening) => void) {}

  found(items: readonly Drifted[]): void {
    for (const item of items) this.tell(item, "found", item.sentence);
  }

  gone(items: readonly Drifted[]): void {
    for (const item of items) this.tell(item, "gone", `${item.what} stands again as it was applied`);
  }

  restored(item: Drifted): void {
    this.tell(item, "restored", `${item.what} was put back: ${item.sentence}`);
  }

  gaveUp(item: Drifted, why: string): void {
    this.tell(item, "gave up", `${item.what} is not put back: ${why}`);
  }

  private tell(item: Drifted, state: DriftDetails["state"], sentence: string): void {
    const key = deviationKey(item);
    const [now, quiet] = [performance.now(), this.silent.has(key)];
    if (!this.told.mayTry(key, now)) {
      this.silent.add(key);
      if (!quiet) this.append(happening(item, state, `${item.what} keeps changing: not all of it is told`));
      return;
    }
    this.silent.delete(key);
    this.told.tried(key, now);
    this.append(happening(item, state, sentence));
  }
}

function happening(
  { kind, what, diff, since }: Drifted,
  state: DriftDetails["state"],
  text: string,
): Happening {
  const details: DriftDetails = { state, kind, what, diff: shortened(diff, longest), since };
  return { kind: "drift", text, details: { ...details } };
}
