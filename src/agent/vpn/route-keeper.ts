import type { Host } from "../../host/host.js";
import type { Family } from "../../topology/cluster.js";
import {
  type HostRoute,
  type KernelRoute,
  kernelRoutesIn,
  listHostRoutes,
  routeChanges,
} from "../../vpn/host-routes.js";
import { ReadyIp } from "./ready-ip.js";

/** Has the kernel hold a route to each client that needs one, and none of the same number to anything else. */
export class RouteKeeper {
  #wanted = new Map<string, HostRoute>();
  #certain = false;
  /** As they were last seen, or made, by destination; null where that is not known. */
  #present: Map<string, readonly KernelRoute[]> | null = null;
  /** Destinations at which the kernel may be otherwise than wanted. */
  #open: "all" | Set<string> = "all";
  #trouble: string | null = null;
  /** Counts changes that began, so that a list which is older than one of them is known for it. */
  #changes = 0;
  #dirty = false;
  #work: Promise<void> | null = null;
  readonly #ip: ReadyIp;

  constructor(
    private readonly host: Pick<Host, "run">,
    private readonly families: readonly Family[],
  ) {
    this.#ip = new ReadyIp(host);
  }

  /** Why the kernel's routes are not as they are to be; null where they are. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** @param certain they are all that are wanted: others go. Before that nobody loses a route that the agent before left */
  want(routes: readonly HostRoute[], certain: boolean): void {
    this.#wanted = new Map(routes.map((route) => [route.destination, route]));
    this.#certain = certain;
    this.#open = "all";
    // Before the first look it is not known what stands.
    if (this.#present !== null) void this.#settle();
  }

  /** Only these are otherwise than before. @param routes by destination; null where there is to be none */
  change(routes: ReadonlyMap<string, HostRoute | null>): void {
    for (const [destination, route] of routes) {
      if (route === null) this.#wanted.delete(destination);
      else this.#wanted.set(destination, route);
      if (this.#open !== "all") this.#open.add(destination);
    }
    if (this.#present !== null) void this.#settle();
  }

  /** Something else changed them: the kernel, as their device went. */
  forget(): void {
    // A list that is under way may be of before.
    this.#changes += 1;
    this.#present = null;
    this.#open = "all";
  }

  /** Looks whether they stand as they are to be. What is wanted meanwhile does not wait for it. */
  async look(): Promise<void> {
    const before = this.#changes;
    try {
      const present = await this.#list();
      // A change that was made meanwhile may be in the list, or not.
      if (this.#changes !== before) return;
      this.#present = present;
      this.#open = "all";
      await this.#settle();
    } catch (error) {
      this.#trouble = reasonOf(error);
    }
  }

  /** What stands stays. */
  stop(): void {
    this.#ip.stop();
  }

  #settle(): Promise<void> {
    this.#dirty = true;
    this.#work ??= this.#works().finally(() => {
      this.#work = null;
    });
    return this.#work;
  }

  async #works(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#change();
        this.#trouble = null;
      } catch (error) {
        this.#trouble = reasonOf(error);
      }
    }
  }

  async #change(): Promise<void> {
    const present = this.#present;
    if (present === null) return;
    const open = this.#open === "all" ? new Set([...this.#wanted.keys(), ...present.keys()]) : this.#open;
    this.#open = new Set();
    const [wanted, certain] = [this.#wantedAt(open), this.#certain];
    const there = [...open].flatMap((destination) => present.get(destination) ?? []);
    const lines = routeChanges(wanted, there).filter(([, verb]) => certain || verb === "add");
    if (lines.length === 0) return;
    this.#changes += 1;
    const { exitCode, stderr } = await this.#ip.run(lines);
    this.#changes += 1;
    if (exitCode !== 0) {
      // All but what was refused is done, and what comes next does not wait for the next look.
      this.#present = await this.#list();
      throw new Error(refusal(stderr));
    }
    if (certain) for (const destination of open) present.delete(destination);
    for (const route of wanted) {
      const rest = certain
        ? []
        : (present.get(route.destination) ?? []).filter((each) => !isSame(route, each));
      present.set(route.destination, [{ ...route, type: null }, ...rest]);
    }
  }

  #wantedAt(destinations: Iterable<string>): HostRoute[] {
    return [...destinations].flatMap((destination) => this.#wanted.get(destination) ?? []);
  }

  async #list(): Promise<Map<string, readonly KernelRoute[]>> {
    const lists = this.families.map(async (family) => {
      const { exitCode, stdout, stderr } = await this.host.run(["ip", ...listHostRoutes(family)]);
      if (exitCode !== 0) throw new Error(refusal(stderr));
      const listed = kernelRoutesIn(stdout, family);
      if ("refused" in listed) throw new Error(`the kernel's routes cannot be read: ${listed.refused}`);
      return listed.value;
    });
    const present = new Map<string, KernelRoute[]>();
    for (const route of (await Promise.all(lists)).flat()) {
      const there = present.get(route.destination);
      if (there === undefined) present.set(route.destination, [route]);
      else there.push(route);
    }
    return present;
  }
}

const isSame = (a: HostRoute, b: KernelRoute): boolean =>
  a.destination === b.destination && a.device === b.device && b.type === null;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first of its words: it says the same of each line of a batch. */
const refusal = (stderr: string): string => {
  const [first = ""] = stderr.split("\n");
  return `ip-route: ${first === "" ? "no reason given" : first}`;
};
