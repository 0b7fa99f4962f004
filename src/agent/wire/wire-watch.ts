import type { Logger } from "pino";
import { Capture } from "../../capture/capture.js";
import { tcpdump } from "../../capture/tcpdump.js";
import type { Cluster } from "../../topology/cluster.js";
import { alarmFilter, recordFilter } from "./filter.js";
import { sightingOf } from "./frame.js";
import type { Sighting } from "./sighting.js";
import type { Sightings } from "./sightings.js";

/** Milliseconds that the record goes on after a takeover: it still holds the announcements and the first answers. */
const aftermath = 3_100;
/** Milliseconds that what the record held back then takes to arrive. */
const arrival = 150;
/** Milliseconds after a takeover until the alarm's capture starts: the takeover itself is to have the processor. */
const settling = 250;
/** Milliseconds until a capture that ended is started again. */
const again = 1_000;

/** Bytes kept of each packet, which hold every header that is looked at; KiB of the kernel's ring. */
const kept = { snap: 128, ring: 256 };

type Purpose = "record" | "alarm";

/**
 * What the wire says of the virtual IPs. A standby keeps a record of all of it, handed over once a second. The active
 * node hears at once of what nobody else may send while it owns them, which normally is nothing at all: either costs
 * next to nothing, a prompt record of every advert would cost a third of a percent of a processor.
 */
export class WireWatch {
  private readonly captures = new Map<Purpose, Capture>();
  private readonly timers = new Map<Purpose, NodeJS.Timeout>();
  private readonly filters: Readonly<Record<Purpose, string>>;
  private ending: NodeJS.Timeout | null = null;
  private active = false;
  private stopped = false;
  private why: string | null = null;

  constructor(
    cluster: Cluster,
    private readonly sightings: Sightings,
    /** What is seen, network by network, as it arrives; while this node is active. */
    private readonly sighted: (network: string, sighting: Sighting) => void,
    private readonly log: Logger,
  ) {
    this.filters = { record: recordFilter(cluster), alarm: alarmFilter(cluster) };
    this.start("record");
  }

  /** Why the wire is not watched, in one clause; null while it is. */
  get trouble(): string | null {
    return this.why;
  }

  get pids(): number[] {
    return [...this.captures.values()].flatMap(({ pid }) => pid ?? []);
  }

  /** This node became the owner of the virtual IPs, or no longer is. */
  owns(active: boolean): void {
    if (active === this.active || this.stopped) return;
    this.active = active;
    if (this.ending) clearTimeout(this.ending);
    this.ending = null;
    if (active) {
      this.startIn(settling, "alarm");
      this.ending = setTimeout(() => this.endRecord(), aftermath);
    } else if (this.captures.has("record")) this.end("alarm");
    else this.start("record");
  }

  stop(): void {
    this.stopped = true;
    if (this.ending) clearTimeout(this.ending);
    this.end("record");
    this.end("alarm");
  }

  private startIn(milliseconds: number, purpose: Purpose): void {
    clearTimeout(this.timers.get(purpose));
    this.timers.set(
      purpose,
      setTimeout(() => this.start(purpose), milliseconds),
    );
  }

  private start(purpose: Purpose): void {
    if (this.stopped || this.captures.has(purpose)) return;
    const program = tcpdump({ filter: this.filters[purpose], prompt: purpose === "alarm", ...kept });
    const capture = new Capture(program, {
      packets: (packets) => {
        // Whether another owner is seen concerns an owner alone.
        if (!this.active) return this.sightings.keep(packets);
        for (const packet of packets) {
          const sighting = sightingOf(packet);
          const network = sighting && this.sightings.add(sighting);
          if (sighting && network) this.sighted(network, sighting);
        }
      },
      ready: () => {
        if (this.why !== null) this.log.info("the wire is watched again");
        this.why = null;
        // The other purpose's capture went on until this one sees the wire.
        if (purpose === "record" && !this.active) this.end("alarm");
      },
      ended: (why) => {
        this.captures.delete(purpose);
        if (this.why !== why) this.log.warn({ why }, "the wire is not watched");
        this.why = why;
        this.startIn(again, purpose);
      },
    });
    this.captures.set(purpose, capture);
  }

  private endRecord(): void {
    // tcpdump(8): it passes on what it holds back; what came within the last second may still be missing.
    this.captures.get("record")?.signal("SIGUSR2");
    this.ending = setTimeout(() => this.end("record"), arrival);
  }

  private end(purpose: Purpose): void {
    clearTimeout(this.timers.get(purpose));
    this.captures.get(purpose)?.stop();
    this.captures.delete(purpose);
  }
}
