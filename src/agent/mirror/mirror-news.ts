import type { MirrorReport, SwitchReport } from "../../mirror/report.js";
import type { Happening } from "../events/log.js";
import { TakeoverCost } from "./takeover-cost.js";

/** Reports in a row that say so before the master controller is called lost: switches come and go. */
const patience = 3;

interface Standing {
  /** The last reports in a row in which something was wrong, and whether that was told. */
  bad: number;
  told: boolean;
  readonly cost: TakeoverCost;
}

/** What is worth telling of the mirrors, from the reports that come once a second. */
export class MirrorNews {
  readonly #standings = new Map<string, Standing>();

  constructor(private readonly now: () => number) {}

  /** This node mirrors the service from now on. */
  began(service: string): void {
    this.#standings.set(service, { bad: 0, told: false, cost: new TakeoverCost(service, this.now) });
  }

  ended(service: string): void {
    this.#standings.delete(service);
  }

  read({ service, trouble, switches }: MirrorReport): Happening[] {
    const standing = this.#standings.get(service);
    if (standing === undefined) return [];
    const cost = standing.cost.read(switches);
    const why = trouble === null ? apart(switches) : `nothing is captured: ${trouble}`;
    standing.bad = why === null ? 0 : standing.bad + 1;
    const isBad = standing.bad >= patience;
    if (isBad === standing.told || (why === null) === isBad) return cost;
    standing.told = isBad;
    const text =
      why === null
        ? `the master controller gets the copy of ${service} again`
        : `the master controller does not get the copy of ${service}: ${why}`;
    return [...cost, { kind: "mirror", text, details: { service, why } }];
  }
}

/** Why no switch is at the master controller; null while one is, or none has to be. */
function apart(switches: readonly SwitchReport[]): string | null {
  const wanted = switches.filter(({ state }) => state !== "unidentified" && state !== "silent");
  if (wanted.length === 0 || wanted.some(({ state }) => state === "live")) return null;
  return (
    wanted.find(({ why }) => why !== "")?.why ??
    (wanted.some(({ state }) => state === "unsupported")
      ? "the switches speak a version that it is not answered in"
      : "it does not greet")
  );
}
