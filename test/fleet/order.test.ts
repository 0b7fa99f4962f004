import { expect, test } from "vitest";
import { standbyFirst } from "../../src/fleet/order.js";

test("who holds virtual IPs is committed last; where nobody does, the preferred node goes first", () => {
  const nodes = (a: number, b: number, c: number) => [
    { node: "lb-a", holds: a },
    { node: "lb-b", holds: b },
    { node: "lb-c", holds: c },
  ];
  expect(standbyFirst(nodes(2, 0, 0))).toEqual(["lb-c", "lb-b", "lb-a"]);
  expect(standbyFirst(nodes(0, 0, 2))).toEqual(["lb-b", "lb-a", "lb-c"]);
  expect(standbyFirst(nodes(0, 0, 0))).toEqual(["lb-a", "lb-b", "lb-c"]);
});
