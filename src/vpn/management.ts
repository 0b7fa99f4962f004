import type { ClientEvent } from "./clients.js";
import { loginIn } from "./session.js";

/** Whoever talks to OpenVPN by its management interface. */
export interface ManagementEnd {
  send(text: string): void;
  /** It took the password, if it wanted one: from now on it may be asked. */
  ready(): void;
  /** Somebody logged in. */
  client(event: ClientEvent): void;
  close(why: string): void;
}

/** What OpenVPN answered: lines, of `status` with the END, or why it would not. */
export type Reply = { readonly lines: readonly string[] } | { readonly error: string };

interface Question {
  /** Lines until END, else one line. */
  readonly many: boolean;
  readonly answered: (reply: Reply) => void;
}

/** A client's environment that is being told, and what happened to the client. */
interface Block {
  readonly event: string;
  readonly cid: number;
  lines: number;
  readonly variables: Map<string, string>;
}

/** Bytes of a line, lines of a client's environment, bytes of an answer: 50,000 clients' routes. None has nearly as much. */
const most = { line: 16_384, variables: 1_024, reply: 32 * 2 ** 20 };

/** Bytes that even an empty line takes. */
const bytesOfLine = 16;

const prompt = "ENTER PASSWORD:";

/** The variables that a session is read from; what else a client brings is not kept. */
const wanted =
  /^(common_name|time_unix|trusted_ip6?|trusted_port|ifconfig_pool_remote_ip6?)=([^\0-\x1f\x7f]{0,1024})$/;

/** The management interface's protocol (OpenVPN's management-notes.txt), from a connection's first byte. Pure: bytes in, words out. */
export class Management {
  #rest = Buffer.alloc(0);
  #closed = false;
  #ready = false;
  #gavePassword = false;
  readonly #questions: Question[] = [];
  #reply: { lines: string[]; bytes: number } = { lines: [], bytes: 0 };
  #block: Block | null = null;

  /** @param password null where none is set */
  constructor(
    private readonly password: string | null,
    private readonly end: ManagementEnd,
  ) {}

  /** @param answered is called once, or never where the connection closes */
  ask(command: string, answered: (reply: Reply) => void): void {
    if (/[\0-\x1f\x7f]/.test(command)) throw new Error("a command is one line");
    this.#questions.push({ many: command.startsWith("status"), answered });
    this.end.send(`${command}\n`);
  }

  receive(bytes: Buffer): void {
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    for (let at = rest.indexOf(10); at >= 0 && !this.#closed; at = rest.indexOf(10)) {
      if (at > most.line) this.#close("a line has no end");
      else this.#line(rest.toString("utf8", 0, at).replace(/\r$/, ""));
      rest = rest.subarray(at + 1);
    }
    if (this.#closed) return;
    // The only thing it says without ending the line.
    if (!this.#ready && rest.toString("latin1").startsWith(prompt)) {
      rest = rest.subarray(prompt.length);
      this.#givePassword();
    }
    if (rest.length > most.line) this.#close("a line has no end");
    // A copy: what a piece of a large answer leaves does not hold all of it.
    this.#rest = Buffer.from(this.#closed ? [] : rest);
  }

  #givePassword(): void {
    if (this.password === null) this.#close("it wants a password, and none is set");
    else if (this.#gavePassword) this.#close("it refuses the password");
    else {
      this.#gavePassword = true;
      this.end.send(`${this.password}\n`);
    }
  }

  #line(line: string): void {
    if (line.startsWith(">")) this.#told(line.slice(1));
    else if (this.#ready) this.#answer(line);
    else if (line.startsWith("ERROR:")) this.#close("it refuses the password");
  }

  /** It may tell something at any time. */
  #told(line: string): void {
    if (line.startsWith("CLIENT:")) this.#client(line.slice(7));
    else if (line.startsWith("INFO:") && !this.#ready) {
      this.#ready = true;
      this.end.ready();
    }
  }

  #answer(line: string): void {
    const [question] = this.#questions;
    const { lines } = this.#reply;
    if (question === undefined) this.#close("it answers what nobody asked");
    else if (line.startsWith("ERROR:")) this.#answered({ error: line.slice(6).trim() });
    else {
      lines.push(line);
      this.#reply.bytes += line.length + bytesOfLine;
      if (!question.many || line === "END") this.#answered({ lines });
      else if (this.#reply.bytes > most.reply) this.#close("an answer has no end");
    }
  }

  #answered(reply: Reply): void {
    this.#reply = { lines: [], bytes: 0 };
    this.#questions.shift()?.answered(reply);
  }

  /** `EVENT,CID[,KID]`, then `ENV,NAME=VALUE` until `ENV,END`. */
  #client(line: string): void {
    if (line.startsWith("ENV,")) {
      if (this.#block !== null) this.#environment(this.#block, line.slice(4));
      return;
    }
    const [, event = "", cid] = /^([A-Z]+),([0-9]{1,15})(?:,|$)/.exec(line) ?? [];
    this.#block = cid === undefined ? null : { event, cid: Number(cid), lines: 0, variables: new Map() };
  }

  #environment(block: Block, text: string): void {
    block.lines += 1;
    if (block.lines > most.variables) this.#close("a client's environment has no end");
    else if (text === "END") {
      this.#block = null;
      const login = block.event === "ESTABLISHED" ? loginIn(block.variables) : null;
      if (login !== null) this.end.client({ kind: "established", login, cid: block.cid });
    } else {
      const [, name, value] = wanted.exec(text) ?? [];
      if (name !== undefined && value !== undefined) block.variables.set(name, value);
    }
  }

  #close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rest = Buffer.alloc(0);
    this.end.close(why);
  }
}
