import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openLab } from "../../src/lab/open.js";
import { isThorough } from "../thorough.js";
import { brokenBuild, drillsOf, type Found, mistakes } from "./broken-builds.js";
import { ensureBuilt } from "./topology.js";

/** A test of the tests: each is a lab of its own, which `npm run soak` has the time for. */
describe.runIf(isThorough)("drills do not pass", () => {
  let remove = (): void => undefined;

  beforeAll(ensureBuilt, 60_000);
  afterEach(() => remove());

  test.each(mistakes)("a build with $name", async (mistake) => {
    const broken = brokenBuild(mistake);
    remove = broken.remove;
    expectCaught(await drillsOf(broken.root, mistake), mistake.reason);
  });

  // keepalived cannot be told to announce nothing: nobody hears it.
  test("a build without gratuitous ARP", async () => {
    const found = await drillsOf(".", { topology: "pair", drills: ["power-loss"] }, () =>
      openLab("brokenbuild").faults.muffle(),
    );
    expectCaught(found, /virtual IP silent for|still has/);
  });

  test("a pair of which one node drops the other's adverts", async () => {
    const { failed, unready } = await drillsOf(
      ".",
      { topology: "pair", drills: ["power-loss"] },
      (holdfast, file) =>
        holdfast(
          "lab",
          "exec",
          "-f",
          file,
          "lb-b",
          "--",
          ...["iptables", "-I", "INPUT", "-p", "112", "-j", "DROP"],
        ),
    );
    // Whoever hears no adverts leaves, and stays away.
    expect(unready).toMatch(/lb-b is not ready \(fault\)|lb-a and lb-b are both active/);
    expect(failed).toEqual([]);
  });
  // Whatever they find in the others is in the mistake, and not in how these are run.
  test("a build that nothing was done to, but for this one", async () => {
    const drills = ["link-down", "keepalived-dead", "commit-refused", "power-loss"];
    expect(await drillsOf(".", { topology: "pair", drills })).toEqual({
      failed: [],
      reasons: [],
      unready: null,
    });
  });
});

/** A drill was judged and failed for this; that the cluster was not ready for one is another matter. */
function expectCaught({ failed, reasons, unready }: Found, reason: RegExp): void {
  expect({ failed: failed.length, unready }, reasons.join("\n")).toEqual({ failed: 1, unready: null });
  expect(reasons.join("\n")).toMatch(reason);
}
