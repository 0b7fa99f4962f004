import { expect, test } from "vitest";
import { translationOf } from "../../src/drill/translation.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { campus } from "./campus.js";

const translating = (from: string, outbound: string): Cluster => ({
  ...campus,
  nat: {
    destination: [],
    source: [
      {
        from: [{ family: 4, address: from, prefix: 24 }],
        outbound,
        translateTo: [{ family: 4, address: "10.0.1.100" }],
      },
    ],
  },
});

test("a server whose connections are translated is found, with where they go and as whom", () => {
  expect(translationOf(translating("10.0.2.0", "switches"))).toEqual({
    ...{ server: "10.0.2.11", outbound: "switches", address: "10.0.1.100" },
  });
});

test("nothing is found where nobody is translated, no server is, or nobody stands where they go", () => {
  expect(translationOf(campus)).toBeNull();
  expect(translationOf(translating("10.0.7.0", "switches"))).toBeNull();
  expect(translationOf(translating("10.0.2.0", "elsewhere"))).toBeNull();
});
