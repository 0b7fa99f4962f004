import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MaintenanceNotes } from "../../src/api/documents.js";
import { drainRefusal, merged, noted, outOfService } from "../../src/fleet/maintenance.js";
import { MaintenanceBook } from "../../src/fleet/maintenance-book.js";
import { FakeHost } from "../host/fake-host.js";

const note = fc.record({
  on: fc.boolean(),
  since: fc.integer({ min: 0, max: 3 }).map((second) => new Date(second * 1_000).toISOString()),
  by: fc.constantFrom("anna", "bert"),
});
const notes: fc.Arbitrary<MaintenanceNotes> = fc.dictionary(fc.constantFrom("lb-a", "lb-b", "lb-c"), note);

describe("words on maintenance", () => {
  test("come to the same on every node, in whatever order the nodes meet", () => {
    fc.assert(
      fc.property(notes, notes, notes, (a, b, c) => {
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
        expect(merged(a, a)).toEqual(merged(a, {}));
      }),
    );
  });

  test("count as newer than what was said before, also by a clock that is behind", () => {
    const on = noted({}, { node: "lb-b", on: true, by: "anna" }, 5_000);
    const off = noted(on, { node: "lb-b", on: false, by: "bert" }, 1_000);
    expect(outOfService(merged(on, off))).toEqual([]);
    expect(outOfService(on)).toEqual(["lb-b"]);
  });

  test("survive on disk, and a damaged file is as good as none", async () => {
    const host = new FakeHost("lb-a");
    const book = await MaintenanceBook.open(host, () => undefined);
    await book.meet(noted({}, { node: "lb-b", on: true, by: "anna" }, 5_000));
    const again = await MaintenanceBook.open(host, () => undefined);
    expect(outOfService(again.notes)).toEqual(["lb-b"]);
    host.put("/var/lib/holdfast/maintenance.json", "{");
    expect((await MaintenanceBook.open(host, () => undefined)).notes).toEqual({});
  });

  test("are told to those who care only when they are news", async () => {
    let told = 0;
    const book = await MaintenanceBook.open(new FakeHost("lb-a"), () => told++);
    const word = noted({}, { node: "lb-b", on: true, by: "anna" }, 5_000);
    await book.meet(word);
    await book.meet(word);
    await book.meet({});
    expect(told).toBe(1);
  });
});

describe("taking a node out of service", () => {
  test("is fine while another one could serve", () => {
    expect(
      drainRefusal(
        "lb-a",
        new Map([
          ["lb-a", null],
          ["lb-b", null],
        ]),
      ),
    ).toBeNull();
    expect(
      drainRefusal(
        "lb-a",
        new Map([
          ["lb-a", "at fault"],
          ["lb-b", null],
        ]),
      ),
    ).toBeNull();
  });

  test("is refused where it is the last that is ready, with what the others lack", () => {
    expect(
      drainRefusal(
        "lb-a",
        new Map([
          ["lb-a", null],
          ["lb-b", "HAProxy is dead"],
        ]),
      ),
    ).toMatch(/draining the last ready node is refused.*lb-b: HAProxy is dead/);
  });
});
