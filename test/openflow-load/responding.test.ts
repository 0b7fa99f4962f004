import { expect, test } from "vitest";
import { respond } from "../../src/lab/openflow-load/responding.js";
import { generate } from "../../src/lab/openflow-load/run.js";
import { listening, plan } from "./listening.js";

const never = new AbortController().signal;

test.each(["1.0", "1.3"])(
  "every message of OpenFlow %s switches is answered, and the time that takes is told",
  async (version) => {
    const { port, end } = await listening(respond);
    const paced = plan(port, "--openflow", version, "--switches", "7", "--rate", "600", "--seconds", "0.7");
    const report = await generate(paced, never);
    await end();
    expect(report).toMatchObject({ switches: 7, live: 7, unanswered: 0, skipped: 0 });
    expect(report.sessions).toEqual({ lost: 0, reconnects: 0, why: {} });
    expect(report.messages.sent).toBeGreaterThan(200);
    expect(report.messages.answered).toBe(report.messages.sent);
    const { p50, p99, max } = report.latency;
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(max).toBeGreaterThanOrEqual(p99);
  },
);

test.each(["1.0", "1.3"])("with a window, as many messages are under way as it allows", async (version) => {
  const { port, end } = await listening(respond);
  const words = [
    "--openflow",
    version,
    "--switches",
    "3",
    "--window",
    "8",
    "--size",
    "64",
    "--seconds",
    "0.3",
  ];
  const report = await generate(plan(port, ...words), never);
  await end();
  expect(report.messages.answered).toBeGreaterThan(500);
  expect(report.messages.answered).toBe(report.messages.sent);
  expect(report.unanswered).toBe(0);
});

test("sessions that end come back, and what was not answered is counted", async () => {
  let heard = 0;
  const controller = await listening((socket) => {
    respond(socket);
    socket.on("data", (bytes) => {
      heard += bytes.length;
      if (heard > 20_000) {
        heard = Number.NEGATIVE_INFINITY;
        controller.cut();
      }
    });
  });
  const words = ["--switches", "4", "--rate", "2000", "--seconds", "1"];
  const report = await generate(plan(controller.port, ...words), never);
  await controller.end();
  expect(report.sessions).toMatchObject({ lost: 4, reconnects: 4 });
  expect(report.messages.answered + report.unanswered).toBe(report.messages.sent);
});

test("what cannot be is refused", () => {
  expect(() => plan(1, "--size", "63")).toThrow("--size 63: 64 to 65535");
  expect(() => plan(1, "--openflow", "1.2")).toThrow("1.0 or 1.3");
  expect(() => plan(1, "--switches", "many")).toThrow("--switches many");
});
