import { expect, test } from "vitest";
import { mirrorSchema } from "../../src/topology/schema/mirror.js";

const isTaken = (name: string): boolean =>
  mirrorSchema.safeParse({
    to: { name: "m", address: "10.0.2.99", port: 6654 },
    via: "inline",
    audit: { file: `/var/log/holdfast/${name}` },
  }).success;

test("an audit's file is none that another's older ones would be moved over", () => {
  expect(["audit", "audit.log", "audit1", "audit.10", "audit.1.log"].map(isTaken)).toEqual(
    Array(5).fill(true),
  );
  expect(["audit.1", "audit.4", "audit.log.9", "../audit", ".audit"].map(isTaken)).toEqual(
    Array(5).fill(false),
  );
});
