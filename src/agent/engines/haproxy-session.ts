import { connect, type Socket } from "node:net";

interface Waiting {
  /** How many there will be. */
  readonly answers: number;
  resolve(answers: string[]): void;
  reject(error: Error): void;
}

/**
 * A connection held open to HAProxy's CLI (HAProxy management guide, 9.3: `prompt`). It closes the instant the worker
 * ends. One question at a time.
 */
export class HaproxySession {
  private answer = "";
  private waiting: Waiting | null = null;

  private constructor(
    private readonly socket: Socket,
    onClose: () => void,
  ) {
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => this.take(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.waiting?.reject(new Error("HAProxy closed the connection"));
      this.waiting = null;
      onClose();
    });
  }

  /** Rejects at once when nothing listens. `onClose` is told of every end, by either side. */
  static open(path: string, onClose: () => void): Promise<HaproxySession> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new HaproxySession(socket, onClose));
      });
    });
  }

  /** @param timeout milliseconds; the session is over after an answer that does not come in time */
  async command(line: string, timeout: number): Promise<string> {
    const [answer = ""] = await this.commands([line], timeout);
    return answer;
  }

  /** Asked together they are answered together: the process is woken once. */
  commands(lines: readonly string[], timeout: number): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const late = () => {
        if (this.waiting !== waiting) return;
        reject(new Error(`HAProxy did not answer within ${timeout} ms`));
        this.close();
      };
      // Where this process stood still an answer may lie there unread: it is read before HAProxy is called late.
      const timer = setTimeout(() => setImmediate(late), timeout);
      const waiting: Waiting = {
        answers: lines.length,
        resolve: (answers) => {
          clearTimeout(timer);
          resolve(answers);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.waiting = waiting;
      this.answer = "";
      this.socket.write(`${lines.join(";")}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: string): void {
    this.answer += chunk;
    if (!this.answer.endsWith(prompt) || this.waiting === null) return;
    const { answers, resolve } = this.waiting;
    const given = this.answer.split(prompt).slice(0, -1);
    if (given.length < answers) return;
    this.waiting = null;
    resolve(given);
  }
}

const prompt = "\n> ";
