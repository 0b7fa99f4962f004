import { expect, test } from "vitest";
import { endpointName, endpointsOf } from "../../../src/agent/answers/endpoints.js";
import { exampleCluster } from "../../render/examples.js";

test("every address of a proxy service's virtual IP is an endpoint", () => {
  expect(endpointsOf(exampleCluster("pair")).map(endpointName)).toEqual(["10.0.1.100:6653"]);
});

test("an IPv6 endpoint has its address in brackets", () => {
  const names = endpointsOf(exampleCluster("dual-stack")).map(endpointName);
  expect(names.some((name) => /^\[[0-9a-f:]+\]:\d+$/.test(name))).toBe(true);
});
