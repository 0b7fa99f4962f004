import { expect, test } from "vitest";
import { selectorsIn } from "./promql.js";
import { untoldIn } from "./told.js";

test("metrics are told from functions, labels, numbers, ranges and words", () => {
  const expression = `max by (cluster, peer) (rate(a_total{x="1", y=~"p|q"}[5m])) > 3 * 86400
    unless on (instance) b_seconds offset 1d == 1 or label_replace(up{job=~"h.*"}, "peer", "$1", "instance", "(c_d)")`;
  expect(selectorsIn(expression).map(({ metric }) => metric)).toEqual(["a_total", "b_seconds", "up"]);
  expect(selectorsIn(expression)[0]?.labels).toEqual([
    { name: "x", values: ["1"] },
    { name: "y", values: ["p", "q"] },
  ]);
});

test("a metric, a label or a value that no scrape has would be noticed", () => {
  expect(untoldIn('holdfast_node_rol{role="active"}')).toEqual(["holdfast_node_rol"]);
  expect(untoldIn('holdfast_node_role{rolle="active"}')).toEqual(["holdfast_node_role{rolle}"]);
  expect(untoldIn('holdfast_node_role{role=~"active|master"}')).toEqual([
    'holdfast_node_role{role="master"}',
  ]);
  expect(untoldIn('holdfast_node_role{role="active", instance="x", cluster="y"} == up')).toEqual([]);
});
