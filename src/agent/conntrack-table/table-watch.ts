import type { Tell } from "../daemon/tell.js";
import { readNow } from "../engines/processes.js";
import { type TableCount, type TableFill, tableEvent, tableFill } from "./table-fill.js";
import { insertFailed, type Unplaced, unplaced, unplacedEvent } from "./unplaced.js";

/** Milliseconds: a table that fills within that has no alarm that would come in time. */
const pace = 5_000;

/** Watches how full the kernel's connection table is, and whether all find a place in it. Costs three small files of /proc a look. */
export class TableWatch {
  private last: TableFill | null = null;
  private lastUnplaced: Unplaced | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly tell: Tell,
    private readonly count: () => TableCount | null = countNow,
    private readonly refused: () => number | null = refusedNow,
  ) {}

  start(): void {
    this.look();
    this.timer = setInterval(() => this.look(), pace);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Null where the kernel tracks nothing. */
  get fill(): TableFill | null {
    return this.last;
  }

  look(): void {
    const count = this.count();
    const before = this.last;
    this.last = count && tableFill(count, before);
    const event = this.last && tableEvent(this.last, before);
    if (event !== null) this.tell(event);
    this.lookForUnplaced();
  }

  private lookForUnplaced(): void {
    const total = this.refused();
    const before = this.lastUnplaced;
    this.lastUnplaced = total === null ? null : unplaced(total, before);
    const event = this.lastUnplaced && unplacedEvent(this.lastUnplaced, before);
    if (event !== null) this.tell(event);
  }
}

/** Null before the first rule has loaded connection tracking. */
function countNow(): TableCount | null {
  const [entries, limit] = ["count", "max"].map((name) =>
    readNow(`/proc/sys/net/netfilter/nf_conntrack_${name}`),
  );
  return entries == null || limit == null ? null : { entries: Number(entries), limit: Number(limit) };
}

const refusedNow = (): number | null => insertFailed(readNow("/proc/net/stat/nf_conntrack") ?? "");
