interface Table {
  readonly chains: Map<string, string[]>;
}

/** Rules in memory: `restore --noflush` is atomic a table, as the kernel's is. */
export class Netfilter {
  #tables = new Map<string, Table>();

  save(): string {
    return [...this.#tables]
      .map(([name, { chains }]) => {
        const declared = [...chains.keys()].map((chain) => `:${chain} - [0:0]`);
        const rules = [...chains].flatMap(([chain, list]) => list.map((rule) => `-A ${chain} ${rule}`));
        return [`*${name}`, ...declared, ...rules, "COMMIT", ""].join("\n");
      })
      .join("");
  }

  /** Throws, with the table unchanged, for a line that the kernel would refuse. */
  restore(input: string, { test }: { test: boolean }): void {
    for (const block of input.split("COMMIT\n")) {
      const [head = "", ...lines] = block.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      if (head === "") continue;
      const name = head.slice(1);
      const before =
        this.#tables.get(name)?.chains ??
        new Map([
          ["INPUT", []],
          ["FORWARD", []],
          ["PREROUTING", []],
          ["POSTROUTING", []],
        ]);
      const chains = new Map([...before].map(([chain, rules]) => [chain, [...rules]]));
      for (const line of lines) this.#line(chains, line);
      if (!test) this.#tables.set(name, { chains });
    }
  }

  #line(chains: Map<string, string[]>, line: string): void {
    const [verb = "", chain = "", ...rest] = line.split(" ");
    const rule = rest.join(" ");
    if (verb.startsWith(":")) {
      chains.set(verb.slice(1), []);
      return;
    }
    const rules = chains.get(chain);
    if (rules === undefined) throw new Error(`iptables-restore: no chain ${chain}`);
    if (verb === "-A") rules.push(rule);
    else if (verb === "-I") rules.unshift(rule);
    else if (verb === "-D" && rules.includes(rule)) rules.splice(rules.indexOf(rule), 1);
    else if (verb === "-X" && rules.length === 0 && !refers(chains, chain)) chains.delete(chain);
    else throw new Error(`iptables-restore: cannot do ${line}`);
  }
}

const refers = (chains: ReadonlyMap<string, readonly string[]>, target: string): boolean =>
  [...chains.values()].some((rules) => rules.some((rule) => rule.endsWith(`-j ${target}`)));
