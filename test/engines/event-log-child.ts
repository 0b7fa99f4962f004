import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { EventLog } from "../../src/agent/events/log.js";

const [, , mode, directory = ""] = process.argv;
const happening = (text: string) => ({ kind: "fault" as const, text, details: {} });
const say = (word: unknown) => process.stdout.write(`${word}\n`);

/** Appends without end, and says the number of each event that was told. */
async function burst(): Promise<void> {
  const log = await EventLog.open(directory, "lb-a");
  say("open");
  (async () => {
    for await (const { sequence } of log.follow(log.last, new AbortController().signal)) say(sequence);
  })();
  for (;;) {
    for (let each = 0; each < 20; each += 1) log.append(happening("x".repeat(200)));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A disk of its own, full to the brim, which is freed again while the log runs. */
async function full(): Promise<void> {
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", directory]);
  if (mounted.status !== 0) throw new Error(String(mounted.stderr));
  const log = await EventLog.open(`${directory}/events`, "lb-a");
  log.append(happening("before"));
  await log.settled();
  try {
    writeFileSync(`${directory}/filler`, Buffer.alloc(1024 * 1024));
  } catch {
    // That was the purpose.
  }
  for (let each = 0; each < 100; each += 1) log.append(happening(`${each} ${"y".repeat(100)}`));
  await log.settled();
  say(JSON.stringify({ trouble: log.trouble, told: (await log.read({ after: 0, limit: 1000 })).length }));
  writeFileSync(`${directory}/filler`, "");
  while (log.trouble !== null) await new Promise((resolve) => setTimeout(resolve, 50));
  await log.settled();
  await log.close();
  const again = await EventLog.open(`${directory}/events`, "lb-a");
  const events = await again.read({ after: 0, limit: 1000 });
  say(JSON.stringify({ numbers: events.map(({ sequence }) => sequence), last: events.at(-1)?.text }));
  await again.close();
}

await (mode === "burst" ? burst() : full());
