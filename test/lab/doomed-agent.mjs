/**
 * `holdfast agent --lab` on a disk that can be told when the program is to die: right before or right after the N-th
 * time that a change writes something. Says each of these steps on standard output, one JSON object a line.
 */
import { readFileSync, rmSync, writeSync } from "node:fs";
import { pino } from "pino";
import { startDaemon } from "../../dist/agent/daemon/start.js";
import { programVersion } from "../../dist/cli/version.js";
import { ownMachine } from "../../dist/lab/own-machine.js";

const doomFile = "/run/doom.json";
const state = "/var/lib/holdfast/";
const marks = ["transaction.json", "journal.json", "current"].map((name) => state + name);

/** Of a generation's files the first stands for all: whoever starts again makes no difference between them. */
const inGeneration = /^\/var\/lib\/holdfast\/generations\/([\w-]+)(\/files\/)?/;

/** What a step is called; null where the path is none of a change's. */
function nameOf(path, counted) {
  const generation = inGeneration.exec(path);
  if (generation !== null) {
    const name = generation[2] === undefined ? path : `generations/${generation[1]}/files`;
    return counted.has(name) ? null : name.replace(state, "");
  }
  if (marks.includes(path)) return path.replace(state, "");
  return path.startsWith("/etc/") && !path.endsWith(".holdfast-new") ? path : null;
}

const say = (word) => writeSync(1, `${JSON.stringify(word)}\n`);

function readDoom() {
  try {
    return JSON.parse(readFileSync(doomFile, "utf8"));
  } catch {
    return null;
  }
}

function die(end) {
  rmSync(doomFile, { force: true });
  // A power loss comes from outside: until then nothing more happens here. (Stopped by a signal, nsenter would stop too,
  // and a machine whose processes nobody reaps does not go down.)
  if (end === "power") {
    say({ doomed: "power" });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  // With all that it started, as systemd ends a unit (KillMode=control-group).
  process.kill(0, "SIGKILL");
}

/** Counts from the moment at which the doom was written. */
let counting = { id: null, steps: 0, counted: new Set() };

async function step(verb, path, work) {
  const doom = readDoom();
  if (doom !== null && doom.id !== counting.id) counting = { id: doom.id, steps: 0, counted: new Set() };
  const name = nameOf(path, counting.counted);
  if (name === null) return work();
  counting.counted.add(name.startsWith("generations/") && name.endsWith("/files") ? name : "");
  counting.steps += 1;
  const number = counting.steps;
  const isDue = (moment) => doom !== null && doom.step === number && doom.moment === moment;
  say({ step: number, what: `${verb} ${name}` });
  if (isDue("before")) die(doom.end);
  const result = await work();
  if (isDue("after")) die(doom.end);
  return result;
}

const machine = ownMachine();
const host = {
  ...machine,
  swap: (staged, path) => step("write", path, () => machine.swap(staged, path)),
  link: (target, path) => step("link", path, () => machine.link(target, path)),
  remove: (path) => step("remove", path, () => machine.remove(path)),
  services: {
    ...machine.services,
    // It stands in for the one that the supervisor would run.
    status: async (name) =>
      name === "holdfast-agent"
        ? { running: true, pid: process.pid, restarts: 0 }
        : machine.services.status(name),
  },
};

const log = pino(
  { base: null, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: "/run/log/holdfast-agent.log", sync: true }),
);
const daemon = await startDaemon(host, programVersion, log);
if (daemon === null) throw new Error("this machine is no node");
say({ started: true });
process.once("SIGTERM", () => void daemon.stop());
