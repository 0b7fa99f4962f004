import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openLab } from "../../src/lab/open.js";
import { isThorough } from "../thorough.js";
import { brokenBuild, drillsOf, mistakes } from "./broken-builds.js";
import { ensureBuilt } from "./topology.js";

/** A test of the tests: each is a lab of its own, which `npm run soak` has the time for. */
describe.runIf(isThorough)("drills do not pass", () => {
  let remove = (): void => undefined;

  beforeAll(ensureBuilt, 60_000);
  afterEach(() => remove());

  test.each(mistakes)("a build with $name", async (mistake) => {
    const broken = brokenBuild(mistake);
    remove = broken.remove;
    const { exitCode, said } = await drillsOf(broken.root, mistake);
    expect(exitCode, said).toBe(4);
  });

  // keepalived cannot be told to announce nothing: nobody hears it.
  test("a build without gratuitous ARP", async () => {
    const { exitCode, said } = await drillsOf(".", { topology: "pair", drills: ["power-loss"] }, () =>
      openLab("brokenbuild").faults.muffle(),
    );
    expect(exitCode, said).toBe(4);
  });

  test("a pair of which one node drops the other's adverts", async () => {
    const { exitCode, said } = await drillsOf(
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
    expect(exitCode, said).toBe(4);
  });
});
