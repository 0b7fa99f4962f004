import { expect, test } from "vitest";
import { learnedRoutes } from "../../../src/agent/vpn/learned.js";
import type { Host } from "../../../src/host/host.js";

/** Says what programs say, in pieces as a pipe would have them. @param bird null where it does not run */
const machine = (bird: string | null): Pick<Host, "run"> => ({
  async run([program = "", family], { take } = {}) {
    const kernel = family === "-4" ? "10.100.200.1 via 10.200.200.1 dev bb0 metric 32 \n" : "";
    if (program === "birdc" && bird === null) throw new Error("birdc: not found");
    const text = program === "birdc" ? (bird ?? "") : kernel;
    for (const piece of text.match(/.{1,7}|\n/g) ?? []) take?.(piece);
    return { exitCode: 0, stdout: "", stderr: "" };
  },
});

const route = { destination: "10.100.200.1/32", via: "10.200.200.1", device: "bb0" };

test("a route of the kernel's has the time from BIRD", async () => {
  const said = "10.100.200.1/32      unicast [peer-vpn-a 2026-11-30 20:45:31.839] * (100) [i]\n";
  const gone = "10.100.200.9/32      unicast [peer-vpn-a 2026-11-30 20:45:31.839] * (100) [i]\n";
  expect(await learnedRoutes(machine(gone + said), [4, 6])).toEqual([
    { ...route, since: new Date(2026, 10, 30, 20, 45, 31, 839).getTime() },
  ]);
});

test("a route that BIRD does not tell of, or cannot, is one still", async () => {
  for (const bird of ["", null])
    expect(await learnedRoutes(machine(bird), [4])).toEqual([{ ...route, since: null }]);
});
