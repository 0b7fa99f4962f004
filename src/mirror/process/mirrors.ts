import { Tap } from "../capture/tap.js";
import { clientOf } from "../capture/tcp-packet.js";
import type { CopyLink } from "../copy-link.js";
import type { MirrorTask } from "../mirrors-of.js";
import { type MirrorReport, type ReportedState, switchReport, totalsOf } from "../report.js";
import { SwitchMemory } from "../session/switch-memory.js";
import type { KnownStream } from "../stream-book.js";
import { ServiceMirror, type SwitchEntry } from "../switch/service-mirror.js";
import type { SwitchMirror } from "../switch/switch-mirror.js";
import { lookAtBuffers } from "./look-at-buffers.js";
import { PositionLink } from "./position-link.js";
import type { Position } from "./position-wire.js";
import { StreamTeller } from "./stream-teller.js";
import type { Order, Word } from "./words.js";

interface Running {
  readonly task: MirrorTask;
  readonly mirror: ServiceMirror;
  readonly tap: Tap;
  readonly teller: StreamTeller;
}

/** Milliseconds between two looks at what nobody brings: time-outs, connections. */
const pause = 100;
/** Looks between two rounds of news, which cost two agents more than anything here, and between two reports. */
const [newsEvery, reportEvery] = [5, 10];

/** The mirrors of one node, each with its own capture. */
export class Mirrors {
  readonly #running = new Map<string, Running>();
  #active = new Set<string>();
  #looks = 0;
  #connected: { readonly link: CopyLink | null; readonly to: PositionLink | null } = { link: null, to: null };
  readonly #timer = setInterval(() => this.#look(), pause);

  constructor(private readonly tell: (word: Word) => void) {}

  obey(order: Order): void {
    if (order.kind === "tasks") {
      this.#connect(order.link);
      this.#follow(order.tasks);
    } else if (order.kind === "active") this.#activate(new Set(order.services));
    else if (order.kind === "inherit") this.#inherit(order.service, order.streams);
    else
      for (const key of order.keys ?? [null])
        this.#running.get(order.service)?.mirror.disinherit(key && latin(key));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#connect(null);
    this.#follow([]);
  }

  #connect(link: CopyLink | null): void {
    if (JSON.stringify(link) === JSON.stringify(this.#connected.link)) return;
    this.#connected.to?.stop();
    const heard = (positions: readonly Position[]) => {
      for (const { key, position, waiting } of positions)
        for (const { mirror } of this.#running.values()) mirror.advance(key, position, waiting);
    };
    this.#connected = { link, to: link && new PositionLink(link, heard) };
  }

  /** A mirror whose task stays as it is goes on undisturbed. */
  #follow(tasks: readonly MirrorTask[]): void {
    for (const [service, { task, mirror, tap }] of this.#running) {
      if (tasks.some((other) => JSON.stringify(other) === JSON.stringify(task))) continue;
      this.#running.delete(service);
      tap.stop();
      mirror.end();
    }
    for (const task of tasks)
      if (!this.#running.has(task.service)) this.#running.set(task.service, this.#begin(task));
    this.#activate(this.#active);
  }

  #activate(active: Set<string>): void {
    this.#active = active;
    for (const [service, { mirror, teller }] of this.#running) {
      mirror.activate(active.has(service));
      if (!active.has(service)) teller.forget();
    }
    this.#look();
  }

  #inherit(service: string, streams: readonly KnownStream[]): void {
    const mirror = this.#running.get(service)?.mirror;
    for (const { key, position, waiting, silent = false, memory } of streams)
      mirror?.inherit(latin(key), { position, waiting, silent, memory: SwitchMemory.read(memory) });
  }

  #look(): void {
    for (const { mirror } of this.#running.values()) mirror.tick();
    this.#looks += 1;
    if (this.#looks % newsEvery === 0) this.#tellNews();
    if (this.#looks % reportEvery !== 0) return;
    lookAtBuffers(
      [...this.#running.values()].flatMap(({ task, mirror }) =>
        [...mirror.switches.values()].map((each) => ({ address: task.place.address, link: each.mirror })),
      ),
    );
    this.tell({ kind: "report", mirrors: this.report() });
  }

  #tellNews(): void {
    for (const service of this.#active) {
      const { mirror, teller } = this.#running.get(service) ?? {};
      const heard = mirror && teller ? teller.news(mirror.switches) : null;
      if (heard === null) continue;
      const { whole, ...news } = heard;
      this.tell({ kind: "streams", news: { service, ...news }, whole });
    }
  }

  report(): MirrorReport[] {
    return [...this.#running.values()].map(({ task, mirror, tap }) => ({
      service: task.service,
      trouble: tap.trouble,
      refused: mirror.refused,
      totals: totalsOf(mirror.totals),
      switches: [...mirror.switches].map(([key, entry]) => {
        const { address, port } = clientOf(key);
        const { stream, counters, why, queued } = entry.mirror;
        const { memory } = stream;
        return switchReport(
          `${address} ${port}`,
          {
            ...{ memory, counters, why, queued, inherited: entry.inherited },
            state: stateOf(entry),
            met: entry.start === null && !entry.inherited,
          },
          memory.identity === null ? undefined : mirror.past(memory.identity),
        );
      }),
    }));
  }

  #begin(task: MirrorTask): Running {
    const mirror = new ServiceMirror(task.place, () => performance.now());
    const tap = new Tap(task.endpoints, {
      packet: (packet) => mirror.packet(packet),
      done: () => {
        const touched = mirror.flush();
        if (task.outlives && this.#active.has(task.service)) this.#connected.to?.tell(positionsOf(touched));
      },
    });
    return { task, mirror, tap, teller: new StreamTeller() };
  }
}

function stateOf({ mirror, silent }: SwitchEntry): ReportedState {
  if (silent) return "silent";
  if (mirror.displaced) return "displaced";
  return mirror.carrier === null ? mirror.state : "further";
}

function* positionsOf(touched: ReadonlyMap<string, SwitchMirror>): Iterable<Position> {
  for (const [key, { stream, queued }] of touched) {
    const { position, memory } = stream;
    if (position !== null && memory.identity !== null) yield { key, position, waiting: queued.messages };
  }
}

const latin = (key: string): string => Buffer.from(key, "base64").toString("latin1");
