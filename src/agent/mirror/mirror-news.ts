import { isPresent, type MirrorReport, type SwitchReport } from "../../mirror/report.js";
import type { Happening } from "../events/log.js";
import { TakeoverCost } from "./takeover-cost.js";

/** Milliseconds for which it stands so before it is told. Switches come and go; one that has just connected is soon known. */
const patience = { apart: 2_000, unidentified: 10_000 };

interface Standing {
  /** What is wrong of late, by the patience that it deserves, and since when; null while nothing is. */
  patience: number | null;
  since: number;
  told: boolean;
  readonly cost: TakeoverCost;
}

interface Wrong {
  readonly why: string;
  /** Milliseconds. */
  readonly patience: number;
}

/** What is worth telling of the mirrors, from the reports that come once a second. */
export class MirrorNews {
  readonly #standings = new Map<string, Standing>();

  constructor(private readonly now: () => number) {}

  /** This node mirrors the service from now on. */
  began(service: string): void {
    const cost = new TakeoverCost(service, this.now);
    this.#standings.set(service, { patience: null, since: 0, told: false, cost });
  }

  ended(service: string): void {
    this.#standings.delete(service);
  }

  /** @param isCertain its trouble has been waited for long enough */
  read({ service, trouble, switches }: MirrorReport, isCertain = false): Happening[] {
    const standing = this.#standings.get(service);
    if (standing === undefined) return [];
    const cost = standing.cost.read(switches);
    const wrong = trouble === null ? wrongWith(switches) : captureless(trouble, isCertain);
    return [...cost, ...this.#change(standing, service, wrong)];
  }

  #change(standing: Standing, service: string, wrong: Wrong | null): Happening[] {
    const now = this.now();
    const patience = wrong?.patience ?? null;
    if (patience !== standing.patience) Object.assign(standing, { patience, since: now });
    const isTold = patience !== null && (standing.told || now - standing.since >= patience);
    if (isTold === standing.told) return [];
    standing.told = isTold;
    const why = wrong?.why ?? null;
    const text =
      why === null
        ? `the master controller gets the copy of ${service} again`
        : `the master controller does not get the copy of ${service}: ${why}`;
    return [{ kind: "mirror", text, details: { service, why } }];
  }
}

const captureless = (trouble: string, isCertain: boolean): Wrong => ({
  why: `nothing is copied: ${trouble}`,
  patience: isCertain ? 0 : patience.apart,
});

/** Why no switch is at the master controller; null while one is, or none has to be. */
function wrongWith(switches: readonly SwitchReport[]): Wrong | null {
  if (switches.length > 0 && switches.every(({ state }) => state === "unidentified")) {
    const why = switches.every(({ met }) => met)
      ? "the switches connected before it was mirrored, and will be known when they connect anew"
      : "no switch has said who it is";
    return { why, patience: patience.unidentified };
  }
  const wanted = switches.filter((each) => isPresent(each) && each.state !== "unidentified");
  if (wanted.length === 0 || wanted.some(({ state }) => state === "live")) return null;
  const why =
    wanted.find((each) => each.why !== "")?.why ??
    (wanted.some(({ state }) => state === "unsupported")
      ? "the switches speak a version that it is not answered in"
      : "it does not greet");
  return { why, patience: patience.apart };
}
