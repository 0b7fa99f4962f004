import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { answer } from "../../src/agent/renderer/answer.js";
import { installedEngines } from "../../src/agent/renderer/installed-engines.js";
import { Renderer } from "../../src/agent/renderer/renderer.js";
import { runner } from "../../src/host/run.js";
import { distributions, type Engines, usual } from "../../src/render/engines.js";
import { renderNode } from "../../src/render/render.js";
import { pair } from "../deploy/topologies.js";
import { largeTopology } from "../topology/large.js";

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const text = readFileSync(here("examples/pair.yaml"), "utf8");
// The built program, as an agent runs it.
const program = here("dist/agent/renderer/program.js");

const old = async (): Promise<Engines> => distributions[usual];

function rendering(engines = old): { renderer: Renderer; asked: () => number } {
  let asked = 0;
  const run = runner([]);
  const host = {
    run: (...question: Parameters<typeof run>) => {
      asked++;
      return run(...question);
    },
  };
  const renderer = new Renderer(host, "lb-a", "test", program, engines);
  return { renderer, asked: () => asked };
}

describe("the renderer's process", () => {
  test("makes of a topology what the program itself makes of it", async () => {
    const { cluster, files, digest } = await rendering().renderer.render(text);
    expect(cluster).toEqual(pair);
    expect(files).toEqual(renderNode(pair, pair.nodes[0] ?? expect.fail("no node")));
    expect(digest).toMatch(/^[0-9a-f]{12}$/);
  });

  test("makes it for the engines on this machine, which it asks anew for each topology", async () => {
    let haproxy = "2.6.12";
    const { renderer } = rendering(async () => ({ haproxy }));
    const transparent = text.replace("    balance: source", "    transparent: true\n    balance: source");
    const lines = async (topology: string) =>
      (await renderer.render(topology)).files.find(({ engine }) => engine === "haproxy")?.body.split("\n");
    expect(await lines(transparent)).not.toContain("    user haproxy");
    haproxy = "3.0.11";
    const upgraded = await lines(`${transparent}\n`);
    expect(upgraded).toContain("    user haproxy");
    expect(upgraded).toContain("    setcap cap_net_admin");
  });

  test("takes an engine that does not say its version for the oldest", async () => {
    const says = (stdout: string) =>
      installedEngines({ run: async () => ({ exitCode: 0, stdout, stderr: "" }) });
    expect(await says("HAProxy version 3.0.11-1+deb13u4 2026/10/15 - https://haproxy.org/\n")).toEqual({
      haproxy: "3.0.11",
    });
    expect(await says("haproxy: command not found")).toEqual({ haproxy: "2.6.12" });
    const missing = installedEngines({ run: () => Promise.reject(new Error("ENOENT")) });
    expect(await missing).toEqual({ haproxy: "2.6.12" });
  });

  test("tells each problem with its place in the file", async () => {
    const wrong = rendering().renderer.render(text.replace("10.0.1.3", "10.0.5.3"));
    await expect(wrong).rejects.toThrow(/^\d+:\d+ nodes\[1\]\.interfaces\.\w+\.address: .*10\.0\.5\.3/);
  });

  test("runs once for a change, however often its steps ask", async () => {
    const { renderer, asked } = rendering();
    await Promise.all([renderer.render(text), renderer.render(text)]);
    await renderer.render(text);
    expect(asked()).toBe(1);
  });

  test("is one at a time, however many ask, and turns away who comes ninth to the queue", async () => {
    const at = { once: 0, most: 0 };
    const host = {
      run: async () => {
        at.once += 1;
        at.most = Math.max(at.most, at.once);
        await sleep(5);
        at.once -= 1;
        return { exitCode: 0, stdout: "{}", stderr: "" };
      },
    };
    const renderer = new Renderer(host, "lb-a", "test", program, old);
    const asked = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => renderer.render(`topology ${index}`)),
    );
    expect(asked.map(({ status }) => status)).toEqual([
      ...Array<string>(9).fill("fulfilled"),
      ...Array<string>(3).fill("rejected"),
    ]);
    expect(at.most).toBe(1);
    await renderer.render("topology 12");
  });

  test("says what went wrong when it ends without an answer", async () => {
    const host = {
      run: async () => ({ exitCode: 1, stdout: "", stderr: "at x\nRangeError: no memory\n    at y" }),
    };
    await expect(new Renderer(host, "lb-a", "test").render(text)).rejects.toThrow("RangeError: no memory");
  });

  test("keeps the agent's loop free: 10,000 servers hold it up for a fraction of what they take", async () => {
    const { renderer } = rendering();
    const large = largeTopology(500, 20);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await sleep(50);
    const begun = performance.now();
    const { files } = await renderer.render(large);
    const took = performance.now() - begun;
    await sleep(20);
    delay.disable();
    expect(files.reduce((sum, { body }) => sum + body.length, 0)).toBeGreaterThan(5_000_000);
    expect(delay.max / 1e6).toBeLessThan(took / 10);
  });
});

test("a node that a topology does not name is told so", () => {
  const question = { topology: text, node: "lb-x", programVersion: "test", engines: distributions[usual] };
  expect(answer(question)).toEqual({
    problems: ["lb-x is no machine of this topology (cluster campus): ask an agent of one of its machines"],
  });
});
