import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoted, scheduleUnits } from "../../src/drill/schedule.js";

const wanted = {
  ...{ cluster: "campus", drills: ["maintenance", "switchover"], on: "Sun 03:00" },
  argv: ["/usr/bin/node", "/usr/lib/holdfast/main.js", "drill", "run", "maintenance", "switchover"],
};

describe("the units of a schedule", () => {
  test("are a timer and the service that it starts, named after the cluster", () => {
    const units = scheduleUnits(wanted);
    expect(Object.keys(units)).toEqual(["holdfast-drills-campus.service", "holdfast-drills-campus.timer"]);
    expect(units["holdfast-drills-campus.service"]).toContain(
      '\nExecStart=:"/usr/bin/node" "/usr/lib/holdfast/main.js" "drill" "run" "maintenance" "switchover"\n',
    );
    expect(units["holdfast-drills-campus.timer"]).toContain("\nOnCalendar=Sun 03:00\n");
  });

  test.each(["", "Sun 03:00\nUnit=evil.service", "%H", "Sun 03:00 \\", "x".repeat(101)])(
    "have no calendar event %j",
    (on) => expect(() => scheduleUnits({ ...wanted, on })).toThrow("is no calendar event"),
  );

  test("have no word that would begin another line", () => {
    for (const word of ["a\nExecStart=evil", "a\rb", "a\0b", "a\u2028b"])
      expect(() => scheduleUnits({ ...wanted, argv: [word] })).toThrow("control character");
  });

  test("quote whatever else a path may have, so that systemd reads the same word", () => {
    expect(quoted(`a "b" \\ 'c' %n $d; e`)).toBe(String.raw`"a \"b\" \\ 'c' %%n $d; e"`);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (word) => {
        fc.pre(!/[\p{Cc}\u2028\u2029]/u.test(word));
        expect(readBack(quoted(word))).toBe(word);
      }),
    );
  });
});

/** As systemd.syntax(7) and systemd.unit(5) have it read: quotes end at the next one that is not escaped, %% is a %. */
function readBack(text: string): string {
  expect(text).toMatch(/^"(?:[^"\\%]|\\["\\]|%%)*"$/su);
  return text
    .slice(1, -1)
    .replaceAll("%%", "%")
    .replace(/\\(["\\])/g, "$1");
}
