import { expect, test } from "vitest";
import { release } from "../../../src/agent/release/release.js";
import { suspectsOn } from "../../../src/agent/release/stale.js";
import { FakeHost } from "../../host/fake-host.js";
import { exampleCluster } from "../../render/examples.js";

const suspects = suspectsOn(exampleCluster("pair"), "switches");

/**
 * A node that has taken over. `deaf` clients never answer, `hard` ones answer when they are told for the second time, all
 * others at once; HAProxy here holds those of `held`.
 */
function node({
  stale = [] as number[],
  held = [] as number[],
  deaf = [] as number[],
  hard = [] as number[],
}) {
  const host = new FakeHost("lb-b");
  const table = new Set([...stale, ...held, ...deaf, ...hard]);
  const told: number[][] = [];
  const state = { broken: 0, ours: true };
  const failures: string[] = [];
  host.faults.run = ([program], stdin) => {
    if (program === "conntrack" && state.broken-- > 0)
      return { exitCode: 1, stderr: "conntrack v1.4.7: Operation failed: out of buffer space\n" };
    if (program === "conntrack") return { stdout: [...table].map(entry).join("") };
    if (program === "ss")
      return { stdout: held.map((port) => `ESTAB 0 0 10.0.1.100:6653 10.0.1.9:${port}\n`).join("") };
    if (program !== "perl") return undefined;
    const ports = stdin
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => Buffer.from(line, "hex").readUInt16BE(22));
    for (const port of ports)
      if (!deaf.includes(port) && !(hard.includes(port) && told.length === 0)) table.delete(port);
    told.push(ports);
    return { stdout: `${ports.length}\n` };
  };
  const scene = { isOurs: () => state.ours, failed: (why: string) => void failures.push(why) };
  return { told, failures, state, run: () => release(host, suspects, scene) };
}

const entry = (port: number): string =>
  `tcp      6 431999 ESTABLISHED src=10.0.1.9 dst=10.0.1.100 sport=${port} dport=6653 src=10.0.1.100 dst=10.0.1.9 sport=6653 dport=${port} [ASSURED] mark=0 use=1\n`;

test("stale sessions are told, and one that HAProxy here holds is not touched", async () => {
  const { told, run, failures } = node({ stale: [4001, 4002], held: [4003] });
  expect(await run()).toMatchObject({ found: 2, released: 2, beyond: 0 });
  expect([told, failures]).toEqual([[[4001, 4002], []], []]);
});

test("who did not answer is told once more, and who still does not is counted", async () => {
  const { told, run } = node({ stale: [4001], hard: [4002], deaf: [4003] });
  expect(await run()).toMatchObject({ found: 3, released: 2 });
  expect(told).toEqual([
    [4001, 4003, 4002],
    [4003, 4002],
  ]);
});

test("what fails is tried again and said once", async () => {
  const { told, run, state, failures } = node({ stale: [4001] });
  state.broken = 2;
  expect(await run()).toMatchObject({ found: 1, released: 1 });
  expect(told).toEqual([[4001], []]);
  expect(failures).toEqual([expect.stringContaining("out of buffer space")]);
});

test("a node that has lost the virtual IPs again tells nobody any more", async () => {
  const { told, run, state } = node({ hard: [4001] });
  setTimeout(() => {
    state.ours = false;
  }, 300);
  expect(await run()).toBeNull();
  expect(told).toEqual([[4001]]);
});

test("where there is nothing stale there is nothing to tell of", async () => {
  const { run, failures } = node({ held: [4001] });
  expect(await run()).toBeNull();
  expect(failures).toEqual([]);
});

test("of a flood as many are told as the wire bears, and the rest is counted", async () => {
  const { told, run } = node({ deaf: Array.from({ length: 20_500 }, (_, index) => 1_024 + index) });
  expect(await run()).toMatchObject({ found: 20_000, released: 0, beyond: 500 });
  expect(told.map(({ length }) => length)).toEqual([20_000, 20_000]);
});
