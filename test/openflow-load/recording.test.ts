import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { SpokenConnection } from "../../src/lab/openflow-load/load-switch.js";
import { Numbers } from "../../src/lab/openflow-load/numbers.js";
import { Recording } from "../../src/lab/openflow-load/recording.js";
import { respond } from "../../src/lab/openflow-load/responding.js";
import { generate } from "../../src/lab/openflow-load/run.js";
import { listening, plan } from "./listening.js";

/** Between a switch and its controller: what the switch says goes to the recorder too, and nothing comes back from there. */
function copying(controller: number, recorder: number) {
  return (socket: Socket): void => {
    const [own, copy] = [controller, recorder].map((port) => connect({ host: "127.0.0.1", port }));
    for (const each of [own, copy]) {
      if (each === undefined) continue;
      socket.pipe(each);
      each.on("error", () => socket.destroy());
    }
    own?.pipe(socket);
    copy?.resume();
    socket.on("error", () => undefined);
  };
}

test.each([
  ["1.0", 1],
  ["1.3", 4],
])(
  "of OpenFlow %s switches all that they told their own controller is on record, byte for byte",
  async (name, version) => {
    const directory = await mkdtemp(join(tmpdir(), "holdfast-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const recordings: Recording[] = [];
    const controller = await listening(respond);
    const recorder = await listening((socket) => void recordings.push(new Recording(socket)));
    const between = await listening(copying(controller.port, recorder.port));
    const words = [
      "--openflow",
      name,
      "--switches",
      "3",
      "--base",
      "0xabc0",
      "--rate",
      "500",
      "--seconds",
      "0.5",
    ];
    const { messages } = await generate(
      plan(between.port, ...words, "--transcript", directory),
      new AbortController().signal,
    );
    await expect.poll(() => recordings.every(({ line }) => line.ended !== null)).toBe(true);
    for (const each of [between, recorder, controller]) await each.end();
    const lines = recordings.map(({ line }) => line);
    const ids = ["abc0", "abc1", "abc2"].map((id) => id.padStart(16, "0"));
    expect(lines.map(({ datapath }) => datapath).sort()).toEqual(ids);
    for (const line of lines) {
      expect(line).toMatchObject({ version, requests: { answered: 0 } });
      expect(line.numbers).toMatchObject({ first: 0, missing: 0, back: 0, seen: line.types.PACKET_IN });
      expect(line.ended?.why).toBe("it ended the connection");
      const text = await readFile(join(directory, `${line.datapath}.json`), "utf8");
      const { connections } = JSON.parse(text) as { connections: SpokenConnection[] };
      expect(connections.map(({ afterGreeting }) => afterGreeting)).toEqual([line.told]);
    }
    expect(lines.reduce((sum, { numbers }) => sum + numbers.seen, 0)).toBe(messages.sent);
  },
);

test.each(["1.0", "1.3"])(
  "what it asked OpenFlow %s switches for itself is answered, and no part of it",
  async (name) => {
    const recordings: Recording[] = [];
    const recorder = await listening((socket) => void recordings.push(new Recording(socket)));
    const quiet = plan(recorder.port, "--openflow", name, "--rate", "0", "--seconds", "0.3");
    await generate(quiet, new AbortController().signal);
    await recorder.end();
    const [line] = recordings.map((each) => each.line);
    expect(line?.requests).toEqual({ asked: name === "1.0" ? 2 : 3, answered: name === "1.0" ? 2 : 3 });
    expect(line?.told.bytes).toBe(0);
    expect(line?.types).toMatchObject({ HELLO: 1, FEATURES_REPLY: 1 });
  },
);

test("numbers that are missing, or come again, are told", () => {
  const numbers = new Numbers();
  for (const number of [5, 6, 9, 10, 10, 13]) numbers.add(number);
  expect(numbers.summary).toEqual({
    ...{ seen: 6, first: 5, last: 13, missing: 4, back: 1 },
    gaps: [
      { from: 7, missing: 2 },
      { from: 11, missing: 2 },
    ],
  });
});
