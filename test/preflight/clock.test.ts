import { expect, test } from "vitest";
import type { NodePreflight } from "../../src/api/preflight.js";
import { clocksApart, offsetOf, ownClock } from "../../src/preflight/clock.js";

const timedatectl = (synchronised: string) =>
  `Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=${synchronised}\nTimeUSec=Sun 2026-11-29 14:00:00 UTC\n`;
const chronyc = (leap: string) =>
  `Reference ID    : C0A80001 (192.168.0.1)\nStratum         : 3\nSystem time     : 0.000012 seconds slow of NTP time\nLeap status     : ${leap}\n`;

const nobody = { timedatectl: null, chronyc: null, container: null };

test.each([
  [{ timedatectl: timedatectl("yes") }, "ok"],
  [{ timedatectl: timedatectl("no") }, "warning"],
  [{ timedatectl: timedatectl("no"), chronyc: chronyc("Normal") }, "ok"],
  [{ timedatectl: timedatectl("yes"), chronyc: chronyc("Not synchronised") }, "warning"],
  [{}, "unknown"],
  [{ timedatectl: "System has not been booted with systemd as init system (PID 1)." }, "unknown"],
  [{ timedatectl: timedatectl("yes"), container: "lxc" }, "ok"],
] as const)("whether somebody keeps the clock, as whoever knows it says: %o is %s", (keepers, status) => {
  expect(ownClock({ ...nobody, ...keepers }).status).toBe(status);
});

test("what chrony has against it is told", () => {
  expect(ownClock({ ...nobody, chronyc: chronyc("Not synchronised") }).text).toBe(
    "chrony does not keep the clock: Not synchronised",
  );
});

test("a container is not told to keep a clock that is its host's", () => {
  const found = ownClock({ ...nobody, timedatectl: timedatectl("no"), container: "systemd-nspawn" });
  expect(found).toMatchObject({ status: "unknown", cure: null });
  expect(found.text).toContain("systemd-nspawn");
});

/** Asked at `sent` by the asker's clock; its own is `ahead`, each way takes 20 ms and the look 5 s. */
function asked(ahead: number) {
  const sent = 1_000_000;
  const [received, answered] = [sent + 20 + ahead, sent + 5_020 + ahead];
  return { sent, got: sent + 5_040, report: { received, answered } as NodePreflight };
}

test("how long a node took to answer is no difference of clocks", () => {
  expect(offsetOf(asked(0))).toEqual({ offset: 0, error: 20 });
  expect(offsetOf(asked(-2_500))).toEqual({ offset: -2_500, error: 20 });
});

test.each([
  [0, "ok"],
  [1_010, "ok"],
  [1_100, "warning"],
  [-1_100, "warning"],
  [3_599_000, "warning"],
  [-3_700_000, "error"],
] as const)("clocks that are %i ms apart: %s", (ahead, status) => {
  expect(clocksApart("lb-a", { node: "lb-b", ...offsetOf(asked(ahead)) }).status).toBe(status);
});

test("the sentence says which way", () => {
  const { text } = clocksApart("lb-a", { node: "lb-b", ...offsetOf(asked(-2_500)) });
  expect(text).toMatch(/^2\.500 s behind lb-a \(to within 0\.020 s\)/);
});
