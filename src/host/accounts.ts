import { readFile } from "node:fs/promises";

/** Names and numbers of one file in the form of passwd(5) or group(5). */
export class Accounts {
  private constructor(
    private readonly file: string,
    private readonly numbers: ReadonlyMap<string, number>,
  ) {}

  /** Reads the machine's own file: the same name may have another number elsewhere. */
  static async read(file: string): Promise<Accounts> {
    const lines = (await readFile(file, "utf8")).split("\n");
    const entries = lines
      .map((line) => line.split(":"))
      .flatMap(([name, , number]) => (name && number ? [[name, Number(number)] as const] : []));
    return new Accounts(file, new Map(entries));
  }

  number(name: string): number {
    const number = this.numbers.get(name);
    if (number === undefined)
      throw new Error(`${this.file}: there is no ${name}; is the engine that owns it installed?`);
    return number;
  }

  /** The number itself where it has no name. */
  name(number: number): string {
    for (const [name, candidate] of this.numbers) if (candidate === number) return name;
    return String(number);
  }
}
