import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { Answers } from "../../../src/mirror/session/answers.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { Counters } from "../../../src/mirror/switch/counters.js";
import { MasterLink } from "../../../src/mirror/switch/master-link.js";
import { QueueBudget } from "../../../src/mirror/switch/queue.js";
import { listening } from "../../openflow-load/listening.js";
import { features } from "../session/dialogue.js";

let master: Awaited<ReturnType<typeof listening>>;
let link: MasterLink;
let budget: QueueBudget;
const sockets: Socket[] = [];

beforeEach(async () => {
  master = await listening((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).write(helloFor(4, 1));
  });
  const place = { address: "127.0.0.1", port: master.port, writes: "error", queue: 65_536 } as const;
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  budget = new QueueBudget(4_194_304);
  const answers = (version: 1 | 4 | 5 | 6) => new Answers(memory, version, "error");
  link = new MasterLink(
    place,
    () => performance.now(),
    { memory, counters: new Counters(), answers },
    budget,
  );
  link.tick();
  await expect.poll(() => link.state, { timeout: 5_000 }).toBe("live");
});
afterEach(async () => {
  link.end();
  for (const socket of sockets.splice(0)) socket.destroy();
  await master.end();
});

/** As many answers as it takes until this holds; 64 MiB at most. */
function answerUntil(holds: () => boolean): void {
  for (let count = 0; count < 1_024 && !holds(); count += 1) link.answer(Buffer.alloc(65_536));
}

test("a master controller that reads no answers is behind, and what it leaves counts among all that waits", async () => {
  sockets[0]?.pause();
  answerUntil(() => link.isBehind);
  expect([link.isBehind, link.state]).toEqual([true, "live"]);
  expect(budget.used).toBeGreaterThan(1_048_576);
  sockets[0]?.resume();
  await expect
    .poll(
      () => {
        link.tick();
        return [link.isBehind, budget.used];
      },
      { timeout: 5_000 },
    )
    .toEqual([false, 0]);
});

test("one that leaves more than all together may is let go, and nothing is kept for it", () => {
  sockets[0]?.pause();
  answerUntil(() => link.state !== "live");
  expect([link.state, link.why, budget.used]).toEqual(["apart", "it does not read what it asked for", 0]);
});
