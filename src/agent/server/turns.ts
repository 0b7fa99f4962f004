export interface Bounds {
  readonly atOnce: number;
  /** How many more may wait for a turn. */
  readonly inLine: number;
}

interface Line {
  underWay: number;
  readonly waiting: (() => void)[];
}

/** So many at once of each key; whoever comes then waits in line, as far as there is one. */
export class Turns {
  private readonly lines = new Map<string, Line>();

  /** What ends the turn, once it has come; also where `gone` aborted before, so that whoever gave up still ends it. Null where the line is full. */
  take(key: string, { atOnce, inLine }: Bounds, gone: AbortSignal): Promise<() => void> | null {
    const line = this.lines.get(key) ?? { underWay: 0, waiting: [] };
    const end = (): void => this.pass(key, line);
    if (line.underWay < atOnce) {
      line.underWay += 1;
      this.lines.set(key, line);
      return Promise.resolve(end);
    }
    if (line.waiting.length >= inLine) return null;
    return new Promise((resolve) => {
      const begin = (): void => {
        gone.removeEventListener("abort", leave);
        resolve(end);
      };
      const leave = (): void => {
        line.waiting.splice(line.waiting.indexOf(begin), 1);
        resolve(() => undefined);
      };
      line.waiting.push(begin);
      gone.addEventListener("abort", leave, { once: true });
    });
  }

  /** To whoever waits for longest. */
  private pass(key: string, line: Line): void {
    const next = line.waiting.shift();
    if (next !== undefined) next();
    else line.underWay -= 1;
    if (line.underWay === 0) this.lines.delete(key);
  }
}
