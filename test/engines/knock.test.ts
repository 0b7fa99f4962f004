import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { knock } from "../../src/agent/answers/knock.js";

const endpoint = (port: number) => ({
  ...{ service: "openflow", network: "switches", family: 4 as const, address: "127.0.0.1", port },
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("HAProxy that sends the agent away answers each time, however quick its reset; a port without anybody does not", async () => {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), "knock-"));
  const config = join(dir, "haproxy.cfg");
  await writeFile(
    config,
    `defaults
    mode tcp
    timeout client 1s
frontend openflow
    bind 127.0.0.1:${port}
    tcp-request connection reject if { src 127.0.0.0/8 }
`,
  );
  expect(await knock(endpoint(port))).toBe(false);
  const engine = spawn("/usr/sbin/haproxy", ["-db", "-f", config], { stdio: "ignore" });
  try {
    await expect.poll(() => knock(endpoint(port)), { timeout: 5_000, interval: 50 }).toBe(true);
    const rounds = Array.from({ length: 60 });
    const answers: boolean[] = [];
    for (const _ of rounds)
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => knock(endpoint(port))))));
    expect(answers.filter((answered) => !answered)).toEqual([]);
  } finally {
    engine.kill("SIGKILL");
    await rm(dir, { recursive: true });
  }
});
