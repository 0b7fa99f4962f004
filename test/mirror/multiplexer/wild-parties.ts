import { Relay } from "../../../src/mirror/multiplexer/relay.js";
import type { Controller } from "../../../src/mirror/multiplexer/xid-table.js";
import { XidTable } from "../../../src/mirror/multiplexer/xid-table.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message, refusal } from "../../../src/mirror/openflow/message.js";
import { typesOf } from "../../../src/mirror/openflow/message-type.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { Counters } from "../../../src/mirror/switch/counters.js";
import { Random } from "../stream/random.js";

/** What a controller said, and what has to come of it. */
interface Said {
  readonly xid: number;
  readonly tag: bigint;
  /** Messages that answer it: exactly those that the switch gave, which are counted down. */
  due: number;
  readonly unasked?: boolean;
  /** It is not for the switch: one error answers it. */
  readonly refused?: boolean;
}

/** A request of which more parts follow. */
interface Parted {
  readonly xid: number;
  readonly tag: bigint;
}

/** What the switch has to do for a number. */
interface Task {
  readonly number: number;
  readonly type: number;
  readonly tag: bigint;
  readonly bytes: Buffer;
}

const versions = [1, 4, 5, 6];
const [echoRequest, echoReply, experimenter, configRequest, packetIn, flowRemoved, portStatus] = [
  2, 3, 4, 7, 10, 11, 12,
];
const [packetOut, flowMod] = [13, 14];

/** Three parties on one session: two controllers whose numbers are often the same, and a switch that answers in any order that it may. */
export class WildParties {
  readonly #random: Random;
  readonly #version: number;
  readonly #relay: Relay;
  readonly #complaints: string[] = [];
  /** Bytes that are on their way. */
  readonly #wire: Record<"switch" | "pool", Buffer[]> = { switch: [], pool: [] };
  readonly #said = new Map<bigint, Said & { readonly from: Controller }>();
  readonly #news: Record<Controller, bigint[]> = { pool: [], master: [] };
  readonly #told: bigint[] = [];
  #tasks: Task[] = [];
  readonly #parted: Record<Controller, Parted[]> = { pool: [], master: [] };
  #tag = 0n;
  #isOpaque = false;
  /** What passed since it is no OpenFlow. */
  readonly #strange: Record<"switch" | "pool", Buffer[]> = { switch: [], pool: [] };
  /** Requests of which the switch waits for more parts, by number. */
  readonly #begun = new Map<number, bigint>();
  /** Numbers of the pool's controller's for its requests in an experimenter's words. */
  readonly #subscribed = new Set<number>();
  /** What came to the switch, in its order. */
  readonly #received: bigint[] = [];

  constructor(private readonly seed: number) {
    this.#random = new Random(seed);
    this.#version = versions[this.#random.below(versions.length)] as number;
    const table = new XidTable(this.#random.chance(2) ? 2 ** 32 - 1 - this.#random.below(40) : 1);
    this.#relay = new Relay(
      {
        toSwitch: (bytes) => void this.#arrive("switch", bytes),
        toPool: (bytes) => void this.#arrive("pool", bytes),
        toMaster: (bytes) => each(bytes, (one) => this.#hear("master", one)),
        copy: (bytes, messages) => {
          let count = 0;
          each(bytes, (one) => {
            count += 1;
            this.#hear("master", one);
          });
          if (count !== messages) this.#complain(`${messages} messages were told, and ${count} came`);
        },
        said: () => undefined,
        opaque: () => {
          this.#isOpaque = true;
        },
      },
      new SwitchMemory(),
      new Counters(),
      { writes: false, hearsAll: false },
      table,
    );
  }

  run(): string {
    this.#wire.switch.push(helloFor(this.#version, 1));
    this.#wire.pool.push(helloFor(this.#version, 1));
    for (let steps = 20 + this.#random.below(200); steps > 0; steps -= 1) this.#step();
    for (const who of ["pool", "master"] as const)
      while (this.#parted[who].length > 0) this.#ask(who, this.#part(who, true));
    // All that is on its way arrives, and the switch does all that it was asked.
    for (let rounds = 0; rounds < 4; rounds += 1) {
      this.#deliver("pool", true);
      while (this.#tasks.length > 0) this.#answer();
      this.#deliver("switch", true);
    }
    if (this.#isOpaque) this.#complain("it was given up");
    this.#settle();
    if (this.#random.chance(4)) this.#goStrange();
    return this.#complaints.length === 0
      ? ""
      : `seed ${this.seed}: ${this.#complaints.slice(0, 3).join("; ")}`;
  }

  #step(): void {
    const dice = this.#random.below(10);
    if (dice < 3) this.#ask("pool", this.#request("pool"));
    else if (dice < 5) this.#ask("master", this.#request("master"));
    else if (dice < 6) this.#tell();
    else if (dice < 8) this.#answer();
    else this.#deliver(this.#random.chance(2) ? "switch" : "pool", false);
  }

  #ask(from: Controller, request: Buffer): void {
    if (from === "pool") this.#wire.pool.push(request);
    else this.#relay.fromMaster(request, 0);
  }

  /** The next part of any request that was begun. */
  #part(from: Controller, isLast: boolean): Buffer {
    const place = this.#random.below(this.#parted[from].length);
    const { xid, tag } = this.#parted[from][place] as Parted;
    if (isLast) this.#parted[from].splice(place, 1);
    return this.#message(typesOf(this.#version).multipartRequest, xid, tag, isLast ? 0 : 1);
  }

  /** Few numbers, so that both controllers have the same ones open at once. */
  #request(from: Controller): Buffer {
    const random = this.#random;
    const { multipartRequest, barrierRequest } = typesOf(this.#version);
    const types = [
      configRequest,
      echoRequest,
      multipartRequest,
      barrierRequest,
      flowMod,
      packetOut,
      experimenter,
    ];
    const type = types[random.below(types.length)] as number;
    if (this.#parted[from].length > 0 && random.chance(3)) return this.#part(from, random.chance(2));
    const isParted = type === multipartRequest && random.chance(3) && this.#parted[from].length < 3;
    const xid = isParted ? this.#unparted(from) : random.chance(3) ? random.below(2 ** 31) : random.below(3);
    this.#tag += 1n;
    const refused = from === "master" && type === experimenter;
    this.#said.set(this.#tag, { from, xid, tag: this.#tag, due: refused ? 1 : 0, refused });
    if (from === "pool" && type === experimenter) this.#subscribed.add(xid);
    if (isParted) this.#parted[from].push({ xid, tag: this.#tag });
    return this.#message(type, xid, this.#tag, isParted ? 1 : 0);
  }

  /** A number of which no request is told in parts. */
  #unparted(from: Controller): number {
    const taken = this.#parted[from].map(({ xid }) => xid);
    return [1, 2, 3, 4].map((each) => 2 ** 31 + each).find((xid) => !taken.includes(xid)) ?? 0;
  }

  #message(type: number, xid: number, tag: bigint, flags = 0): Buffer {
    const body = Buffer.alloc(16 + (this.#random.chance(4) ? this.#random.below(3_000) : 0));
    body.writeUInt16BE(flags, 2);
    body.writeBigUInt64BE(tag, 8);
    return message(this.#version, type, xid, body);
  }

  #tell(): void {
    const type = [packetIn, flowRemoved, portStatus, echoRequest, experimenter][
      this.#random.below(5)
    ] as number;
    this.#tag += 1n;
    const xid = type === experimenter ? this.#anyNumber() : type === echoRequest ? this.#random.below(5) : 0;
    // What it says of its own accord in an experimenter's words is the pool's, under any number.
    if (type === experimenter)
      this.#said.set(this.#tag, { from: "pool", xid, tag: this.#tag, due: 1, unasked: true });
    else this.#told.push(this.#tag);
    this.#wire.switch.push(this.#message(type, xid, this.#tag));
  }

  /** Often one that is open, or was. */
  #anyNumber(): number {
    const open = this.#tasks[this.#random.below(this.#tasks.length + 1)];
    return open?.number ?? (this.#random.chance(2) ? 0 : this.#random.below(60));
  }

  /**
   * One task: any that stands before no barrier, or the barrier once nothing stands before it. Some switches answer a
   * question behind a barrier that came after it.
   */
  #answer(): void {
    const { multipartRequest, barrierRequest } = typesOf(this.#version);
    const barrier = this.#tasks.findIndex(({ type }) => type === barrierRequest);
    const before = this.#tasks.slice(0, Math.max(0, barrier));
    const isLate = before.every(({ type }) => type === multipartRequest || type === configRequest);
    const free = barrier < 0 ? this.#tasks.length : Math.max(1, barrier);
    const place = isLate && this.#random.chance(4) ? Math.max(0, barrier) : this.#random.below(free);
    const [task] = this.#tasks.splice(place, 1);
    if (task !== undefined) this.#do(task);
  }

  #do({ number, type, tag, bytes }: Task): void {
    const { multipartRequest, multipartReply, barrierRequest, barrierReply } = typesOf(this.#version);
    const give = (answer: Buffer) => {
      const said = this.#said.get(tag);
      if (said !== undefined) said.due += 1;
      this.#wire.switch.push(answer);
    };
    if (type === barrierRequest) give(message(this.#version, barrierReply, number, tagged(tag)));
    else if (this.#random.chance(6)) give(refusal(this.#version, bytes, "notPermitted"));
    else if (type === multipartRequest)
      for (let parts = this.#random.below(4); parts >= 0; parts -= 1)
        give(this.#message(multipartReply, number, tag, parts > 0 ? 1 : 0));
    else if (type === configRequest) give(this.#message(configRequest + 1, number, tag));
    else if (type === echoRequest) give(this.#message(echoReply, number, tag));
    else if (type === experimenter)
      for (let times = this.#random.below(3); times > 0; times -= 1)
        give(this.#message(experimenter, number, tag));
  }

  #deliver(side: "switch" | "pool", all: boolean): void {
    const bytes = Buffer.concat(this.#wire[side]);
    this.#wire[side] = [];
    let at = 0;
    const end = all ? bytes.length : this.#random.below(bytes.length + 1);
    while (at < end) {
      const piece = Math.min(end - at, 1 + this.#random.below(this.#random.chance(2) ? 20 : 4_000));
      // What is read is the reader's own: it may be written into.
      const chunk = Buffer.from(bytes.subarray(at, at + piece));
      if (side === "switch") this.#relay.fromSwitch(chunk, 0);
      else this.#relay.fromPool(chunk, 0);
      at += piece;
    }
    if (at < bytes.length) this.#wire[side].push(bytes.subarray(at));
  }

  /** One end says what is no OpenFlow: from there on everything passes as it is. */
  #goStrange(): void {
    const random = this.#random;
    const noise = (most: number) =>
      Buffer.from(Array.from({ length: 1 + random.below(most) }, () => random.below(256)));
    const side = random.chance(2) ? "switch" : "pool";
    // A header whose length no message has, and anything behind it.
    const broken = Buffer.concat([
      Buffer.from([this.#version, random.below(20), 0, random.below(8), 0, 0, 0, 1]),
      noise(200),
    ]);
    const said = { switch: [] as Buffer[], pool: [] as Buffer[] };
    const say = (who: "switch" | "pool", bytes: Buffer) => {
      said[who].push(bytes);
      this.#wire[who].push(bytes);
      this.#deliver(who, true);
    };
    say(side, broken);
    for (let times = random.below(6); times > 0; times -= 1)
      say(random.chance(2) ? "switch" : "pool", noise(3_000));
    this.#relay.fromMaster(this.#request("master"), 0);
    for (const who of ["switch", "pool"] as const) {
      const other = who === "switch" ? "pool" : "switch";
      if (!Buffer.concat(this.#strange[other]).equals(Buffer.concat(said[who])))
        this.#complain(`what the ${who} said as no OpenFlow did not pass as it was`);
    }
  }

  /** The relay passes whole messages, in pieces of any number of them. */
  #arrive(side: "switch" | "pool", bytes: Buffer): void {
    if (this.#isOpaque) {
      this.#strange[side].push(Buffer.from(bytes));
      return;
    }
    each(bytes, (one) => (side === "pool" ? this.#hear("pool", one) : this.#receive(one)));
  }

  #receive(bytes: Buffer): void {
    const [type, number] = [bytes.readUInt8(1), bytes.readUInt32BE(4)];
    if (type === 0) return;
    const tag = bytes.readBigUInt64BE(16);
    const others = this.#tasks.filter((task) => task.number === number && task.tag !== tag);
    const begun = this.#begun.get(number);
    if (others.length > 0 || (begun !== undefined && begun !== tag))
      this.#complain(`number ${number} is given twice`);
    if (begun === undefined) this.#received.push(tag);
    const more = type === typesOf(this.#version).multipartRequest && bytes.readUInt16BE(10) === 1;
    if (more) this.#begun.set(number, tag);
    else {
      this.#begun.delete(number);
      this.#tasks.push({ number, type, tag, bytes: Buffer.from(bytes) });
    }
  }

  #hear(who: Controller, bytes: Buffer): void {
    const [type, xid] = [bytes.readUInt8(1), bytes.readUInt32BE(4)];
    if (type === 0) return;
    // An error has the request in it.
    const tag = bytes.readBigUInt64BE(type === 1 ? 28 : 16);
    if ([packetIn, flowRemoved, portStatus, echoRequest].includes(type)) this.#news[who].push(tag);
    else this.#answered(who, type, xid, tag, bytes);
  }

  #answered(who: Controller, type: number, xid: number, tag: bigint, bytes: Buffer): void {
    const said = this.#said.get(tag);
    if (said === undefined || said.from !== who) this.#complain(`${who} hears what it never asked`);
    // One that was said unasked may have the number that a request of this kind got.
    else if (said.xid !== xid && !(said.unasked && this.#subscribed.has(xid)))
      this.#complain(`${who} asked as ${said.xid}, and is answered as ${xid}`);
    else said.due -= 1;
    if (type === 1 && bytes.readUInt32BE(16) !== xid) this.#complain("an error quotes another number");
  }

  #settle(): void {
    const missing = [...this.#said.values()].filter(({ due }) => due !== 0);
    if (missing.length > 0) this.#complain(`${missing.length} requests have too many answers, or too few`);
    for (const who of ["pool", "master"] as const)
      if (String(this.#news[who]) !== String(this.#told))
        this.#complain(`${who} did not hear all news in order`);
    for (const who of ["pool", "master"] as const) {
      const tags = [...this.#said].flatMap(([tag, { from, unasked, refused }]) =>
        from === who && !unasked && !refused ? [tag] : [],
      );
      const came = this.#received.filter((tag) => this.#said.get(tag)?.from === who);
      if (String(came) !== String(tags)) this.#complain(`the switch did not hear all of ${who} in order`);
    }
    const { unmatched, shed } = this.#relay.counts;
    if (unmatched + shed > 0) this.#complain(`${unmatched} answers found nobody, ${shed} requests were shed`);
  }

  #complain(what: string): void {
    this.#complaints.push(what);
  }
}

const tagged = (tag: bigint): Buffer => {
  const body = Buffer.alloc(16);
  body.writeBigUInt64BE(tag, 8);
  return body;
};

function each(bytes: Buffer, hear: (one: Buffer) => void): void {
  for (let at = 0; at < bytes.length; at += bytes.readUInt16BE(at + 2))
    hear(bytes.subarray(at, at + bytes.readUInt16BE(at + 2)));
}
