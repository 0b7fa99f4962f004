import { expect, test } from "vitest";
import { height, sessionsLine, shown, width } from "../../src/dashboard/model/sessions-line.js";

const now = Date.parse("2026-12-01T12:00:00.000Z");
const sample = (before: number, sessions: number) => ({ at: now - before, sessions: { openflow: sessions } });

test("the line ends now at the right, with its greatest number at the top", () => {
  const { path, most, now: last } = sessionsLine([sample(2_000, 0), sample(0, 8)], "openflow", now);
  expect([most, last]).toEqual([8, 8]);
  expect(path).toBe(`M${width - 1} ${height - 0.5}L${width} 0.5`);
});

test("what is not known is a gap, what is too old is left out, and another service is none", () => {
  const samples = [
    sample(shown + 1, 99),
    sample(60_000, 4),
    sample(59_000, 4),
    sample(20_000, 2),
    sample(19_000, 2),
  ];
  const { path, most } = sessionsLine(samples, "openflow", now);
  expect(most).toBe(4);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(sessionsLine(samples, "other", now)).toEqual({ path: "", most: 0, now: 0 });
});

test("a peak of one second is seen, although a pixel has several", () => {
  const samples = Array.from({ length: 900 }, (_, index) =>
    sample((900 - index) * 1_000, index === 450 ? 50 : 5),
  );
  const { path, most } = sessionsLine(samples, "openflow", now);
  expect(most).toBe(50);
  expect(path).toMatch(/L\d+ 0\.5L/);
  expect(path.length).toBeLessThan(12_000);
});
