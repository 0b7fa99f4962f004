import type { Event } from "../api/event.js";
import { ailments, type Details, word } from "./ailments.js";
import type { Weight } from "./notice.js";
import type { Teller } from "./teller.js";

/** What an event means to people who look after the cluster. */
export interface Meaning {
  readonly weight: Weight;
  readonly teller: Teller;
  /** What is wrong from now on; names that are the same on every node. */
  readonly opens: readonly string[];
  /** What no longer is. */
  readonly closes: readonly string[];
  /** The virtual IPs left this node: whoever has them now tells why. */
  readonly handedOver: boolean;
}

const meaning = (weight: Weight, more: Partial<Meaning> = {}): Meaning => ({
  weight,
  teller: "this node",
  opens: [],
  closes: [],
  handedOver: false,
  ...more,
});

/** Null for what nobody has to be told of. */
export function meaningOf({ kind, node, details }: Event): Meaning | null {
  switch (kind) {
    case "role":
      return role(details);
    case "apply":
      return apply(details);
    case "drill":
      return meaning(details.outcome === "failed" ? "warning" : "info", { teller: "the active node" });
    case "maintenance":
      return meaning("info");
    case "agent":
    case "release":
      return null;
    default:
      return lasting({ kind, node, details });
  }
}

/** Who takes over tells why; who gives up says nothing of his own troubles then. */
function role({ to, move, from }: Details): Meaning | null {
  if (to !== "master") return from === "master" ? meaning("info", { handedOver: true }) : null;
  return meaning(move === "failover" ? "critical" : "info");
}

/** A change that was taken back, or could not be carried through. */
function apply({ phase }: Details): Meaning {
  if (word(phase) === "") return meaning("warning");
  return meaning(phase === "aborted" ? "warning" : "info", { teller: "the active node" });
}

/** Something begins that is wrong until it ends. */
function lasting(event: Pick<Event, "kind" | "node" | "details">): Meaning | null {
  const found = ailments(event);
  if (found === null) return null;
  const { opens, closes, weight = "warning", teller = "this node" } = found;
  return opens.length + closes.length === 0 && !found.alone
    ? null
    : meaning(weight, { teller, opens, closes });
}
