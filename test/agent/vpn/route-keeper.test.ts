import { expect, test } from "vitest";
import { RouteKeeper } from "../../../src/agent/vpn/route-keeper.js";
import type { RunOptions, RunResult } from "../../../src/host/host.js";

/** A kernel with our routes, where `ip` changes them. */
class Kernel {
  routes = new Set<string>();
  readonly batches: string[] = [];
  refuses: string | null = null;

  /** Holds lists back until it is called. */
  hold: Promise<void> = Promise.resolve();

  async run(argv: readonly string[], { stdin = "", take }: RunOptions = {}): Promise<RunResult> {
    if (argv.join(" ").includes("-batch")) {
      let count = 0;
      for await (const piece of stdin) {
        const lines = piece.trim().split("\n");
        this.batches.push(lines.slice(0, -1).join("\n"));
        // As iproute2 does: what it says of a line, and the number of a line that failed.
        for (const line of lines) {
          count += 1;
          const refusal = this.#line(line);
          if (refusal !== null) take?.(`${refusal}\nCommand failed -:${count}\n`);
        }
      }
      return done("");
    }
    await this.hold;
    const list = argv.includes("-4") ? [...this.routes] : [];
    return done(JSON.stringify(list.map((dst) => ({ dst, dev: "tun0" }))));
  }

  /** @returns why not; null where it is done */
  #line(line: string): string | null {
    const [object, verb, destination = ""] = line.split(" ");
    if (object !== "route") return `Object "${object}" is unknown, try "ip help".`;
    if (this.refuses !== null) return this.refuses;
    if (verb === "add") this.routes.add(destination);
    else this.routes.delete(destination);
    return null;
  }
}
const done = (stdout: string): RunResult => ({ exitCode: 0, stdout, stderr: "" });
const to = (...destinations: string[]) =>
  destinations.map((destination) => ({ destination, device: "tun0" }));

test("nobody loses a route before it is known who is connected", async () => {
  const kernel = new Kernel();
  kernel.routes = new Set(["10.0.0.1/32", "10.0.0.2/32"]);
  const keeper = new RouteKeeper(kernel, [4, 6]);
  keeper.want(to("10.0.0.3/32"), false);
  await keeper.look();
  expect([...kernel.routes].sort()).toEqual(["10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32"]);
  keeper.want(to("10.0.0.2/32", "10.0.0.3/32"), true);
  await keeper.look();
  expect([...kernel.routes].sort()).toEqual(["10.0.0.2/32", "10.0.0.3/32"]);
});

test("what stands already is not touched, and what somebody took away is put back at the next look", async () => {
  const kernel = new Kernel();
  kernel.routes = new Set(["10.0.0.1/32"]);
  const keeper = new RouteKeeper(kernel, [4]);
  keeper.want(to("10.0.0.1/32"), true);
  await keeper.look();
  await keeper.look();
  expect(kernel.batches).toEqual([]);
  kernel.routes.clear();
  await keeper.look();
  expect([...kernel.routes]).toEqual(["10.0.0.1/32"]);
});

test("a refusal is said, and it is tried again until it passes", async () => {
  const kernel = new Kernel();
  kernel.refuses = "Cannot find device";
  const keeper = new RouteKeeper(kernel, [4]);
  keeper.want(to("10.0.0.1/32"), true);
  await keeper.look();
  expect(keeper.trouble).toBe("ip-route: Cannot find device");
  kernel.refuses = null;
  await keeper.look();
  expect(keeper.trouble).toBeNull();
  expect([...kernel.routes]).toEqual(["10.0.0.1/32"]);
});

test("what is wanted does not wait for a look, and the look does not undo it", async () => {
  const kernel = new Kernel();
  const keeper = new RouteKeeper(kernel, [4]);
  await keeper.look();
  let go = () => {};
  kernel.hold = new Promise((resolve) => {
    go = resolve;
  });
  const looked = keeper.look();
  keeper.want(to("10.0.0.1/32"), true);
  await expect.poll(() => [...kernel.routes]).toEqual(["10.0.0.1/32"]);
  kernel.routes.clear();
  go();
  await looked;
  // The list was older than the change, and is thrown away; the next one is not.
  expect(kernel.batches).toHaveLength(1);
  await keeper.look();
  expect([...kernel.routes]).toEqual(["10.0.0.1/32"]);
  keeper.stop();
});
