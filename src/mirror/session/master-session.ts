import { helloFor, negotiated, versionsIn } from "../openflow/hello.js";
import { refusal } from "../openflow/message.js";
import { Type, typeName } from "../openflow/message-type.js";
import { versionNames, type WireVersion } from "../openflow/version.js";
import { Framer } from "../stream/framer.js";
import type { Answerer } from "./answers.js";
import type { SwitchMemory } from "./switch-memory.js";

/** The other end of a session, and whoever wants to know of it. */
export interface MasterEnd {
  /** Whether what it asks is to be answered now; `resume` once it is. */
  takes(): boolean;
  /** To the master controller, ahead of what waits for it; whole messages. */
  send(bytes: Buffer): void;
  /** Both have greeted: the switch's messages may follow. */
  ready(): void;
  /** It asked for a change, which nobody passes on. */
  wrote(type: string): void;
  /** One whole message is not for the switch: it is answered here, refused, or not made. Good until the call returns. */
  kept(message: Buffer): void;
  /** One whole message is the switch's to answer. */
  forward(message: Buffer): void;
  close(why: string): void;
}

/** Milliseconds: a controller that has not greeted by then may be waiting for the switch to do so. */
const greetingPatience = 1_000;
/** Milliseconds for which a question waits for what the switch tells; controllers wait longer. */
const answerPatience = 3_000;
/** Questions that may wait so; any other is refused. */
const mostWaiting = 64;

/**
 * What the master controller hears for one switch beside that switch's messages: a greeting that leads to the version
 * that the switch speaks with its own controller (OpenFlow 1.3.5, 6.3.1), and answers. Pure: bytes in, bytes out.
 */
export class MasterSession {
  readonly #framer: Framer;
  #greeted = { theirs: false, ours: false };
  /** What it asked, and nobody has looked at. */
  #asked: { readonly request: Buffer; readonly since: number; readonly isKept: boolean }[] = [];
  #waiting: { readonly request: Buffer; readonly since: number; otherwise(): Buffer }[] = [];
  /** What the master controller was greeted with. */
  #said: Buffer = Buffer.alloc(0);
  #now: number;
  #closed = false;

  constructor(
    private readonly memory: SwitchMemory,
    private readonly version: WireVersion,
    private readonly answers: Answerer,
    private readonly end: MasterEnd,
    private readonly opened: number,
  ) {
    this.#now = opened;
    this.#framer = new Framer(
      {
        seen: (type, bytes, at, length) => {
          if (this.#closed) return;
          const message = bytes.subarray(at, at + length);
          if (type === Type.hello) this.#hello(message);
          else this.#request(Buffer.from(message));
        },
        messages: () => undefined,
        resynced: () => undefined,
      },
      version,
    );
  }

  receive(bytes: Buffer, now: number): void {
    this.#now = now;
    if (this.#closed) return;
    this.#framer.data(bytes);
    this.resume();
    if (!this.#framer.inStep)
      this.#close("it said what is not OpenFlow, or of another version than was agreed");
  }

  /** The switch told something new. */
  learned(): void {
    if (this.#waiting.length === 0) return;
    this.#asked.unshift(...this.#waiting.map((each) => ({ ...each, isKept: true })));
    this.#waiting = [];
    this.resume();
  }

  /** Answers what waits, as long as the end takes more. */
  resume(): void {
    while (!this.#closed && this.#asked.length > 0 && this.end.takes()) {
      const next = this.#asked.shift();
      if (next !== undefined && !this.#answer(next.request, next.since) && !next.isKept)
        this.end.kept(next.request);
    }
  }

  /** Something waits to be answered: no more is to be said to it. */
  get isBusy(): boolean {
    return this.#asked.length > 0;
  }

  /** Its connection ended: nothing more is heard of it. */
  stop(): void {
    this.#closed = true;
  }

  tick(now: number): void {
    this.#now = now;
    // It may speak what the switch's own greeting would lead to instead.
    if (!this.#greeted.ours && now - this.opened >= greetingPatience) this.#greet(helloFor(this.version, 1));
    const isDue = () => this.#waiting[0] !== undefined && now - this.#waiting[0].since >= answerPatience;
    while (isDue() && this.end.takes()) {
      const oldest = this.#waiting.shift();
      if (oldest !== undefined) this.end.send(oldest.otherwise());
    }
    this.resume();
  }

  #hello(theirs: Buffer): void {
    this.end.kept(theirs);
    if (this.#greeted.theirs) return;
    this.#greeted.theirs = true;
    if (!this.#greeted.ours) this.#greet(this.#greeting(theirs), theirs);
    else if (negotiated(this.#said, theirs) !== this.version) this.#incompatible(theirs);
    if (!this.#closed) this.end.ready();
  }

  /** The switch's own, where it leads to the version that the switch speaks; else one that offers nothing else. */
  #greeting(theirs: Buffer): Buffer {
    const own = this.memory.hello;
    return own !== null && negotiated(own, theirs) === this.version ? own : helloFor(this.version, 1);
  }

  #greet(ours: Buffer, theirs: Buffer | null = null): void {
    this.#greeted.ours = true;
    this.#said = ours;
    if (theirs !== null && negotiated(ours, theirs) !== this.version) this.#incompatible(theirs);
    else this.end.send(ours);
  }

  #incompatible(theirs: Buffer): void {
    this.end.send(refusal(this.version, theirs, "helloIncompatible"));
    this.#close(
      `it offers OpenFlow ${versionsIn(theirs)}, and the switch speaks ${versionNames[this.version]}`,
    );
  }

  #request(bytes: Buffer): void {
    // Whoever asks before greeting is no controller.
    if (!this.#greeted.theirs) this.#close("it did not greet");
    if (!this.#closed) this.#asked.push({ request: bytes, since: this.#now, isKept: false });
  }

  /** @returns whether it is the switch's to answer */
  #answer(request: Buffer, since: number): boolean {
    const answer = this.answers.to(request);
    if (answer.kind === "forward") this.end.forward(request);
    else if (answer.kind === "later") {
      const { otherwise } = answer;
      if (this.#waiting.length < mostWaiting) this.#waiting.push({ request, since, otherwise });
      else this.end.send(refusal(this.version, request, "badMultipart"));
    } else if (answer.kind !== "swallowed") {
      if (answer.kind === "write") this.end.wrote(typeName(this.version, request.readUInt8(1)));
      if (answer.bytes !== null) this.end.send(answer.bytes);
    }
    return answer.kind === "forward";
  }

  #close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.end.close(why);
  }
}
