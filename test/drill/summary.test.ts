import { expect, test } from "vitest";
import { summarize } from "../../src/drill/summary.js";
import { failedFor, passed } from "./specimen.js";

const silent = (outage: number) => ({
  ...passed,
  seen: { ...passed.seen, addresses: [{ address: "10.0.1.100", outage }] },
});

test("the runs of a drill come to their middle, their 99th percentile and their worst", () => {
  const runs = Array.from({ length: 100 }, (_, index) => silent(index + 1));
  expect(summarize([...runs, failedFor("a session never came back")])).toMatchObject([
    {
      ...{ drill: "power-loss", runs: 101, met: 100 },
      figures: [
        { name: "virtual IP silent", p50: 51, p99: 99, worst: 100, atMost: 85.2 },
        { name: "service silent", p50: 70 },
        { name: "sessions back", worst: 90 },
      ],
    },
  ]);
});

test("what no run had, or never came, has no figure", () => {
  const { seen } = passed;
  const bare = {
    ...passed,
    seen: { ...seen, serviceOutage: null, sessions: { ...seen.sessions, backAfter: null } },
  };
  expect(summarize([bare])[0]?.figures.map(({ name }) => name)).toEqual(["virtual IP silent"]);
});
