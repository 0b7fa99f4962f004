import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { dashboard, type Panel, panels, queries } from "./files.js";
import { scraped } from "./scraped.js";
import { untoldIn } from "./told.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-dashboard-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Each query as a rule of its own. @throws where one is none */
function checked(expressions: readonly string[]): string {
  const file = join(directory, "queries.yaml");
  const rules = expressions.map((expr, index) => ({ record: `query:${index}`, expr }));
  writeFileSync(file, stringify({ groups: [{ name: "queries", rules }] }));
  return execFileSync("promtool", ["check", "rules", file], { encoding: "utf8", stdio: "pipe" });
}

test("every query is one to Prometheus, with nothing of Grafana's left in it", () => {
  const expressions = queries.map(({ expr }) => expr);
  expect(expressions.filter((expr) => expr.includes("$"))).toEqual([]);
  expect(checked(expressions)).toContain(`${expressions.length} rules found`);
  expect(() => checked([...expressions, "sum by (holdfast_node_role"])).toThrow(/could not parse expression/);
});

test("every query has an answer where agents tell all that they can, also the bad", {
  timeout: 60_000,
}, async () => {
  const asked = queries.filter(({ at }) => !at.startsWith("variable"));
  const file = join(directory, "answers.yaml");
  // Nothing is expected, so that promtool says of each what it found, or that it could not be computed.
  const promql_expr_test = asked.map(({ expr }) => ({ expr, eval_time: "8m" }));
  const tests = [{ interval: "15s", input_series: await scraped(), promql_expr_test }];
  writeFileSync(file, stringify({ rule_files: [], evaluation_interval: "15s", tests }));
  const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", file], { encoding: "utf8" });
  expect(status).toBe(1);
  const answers = `${stdout}${stderr}`.split(/^ +expr: /m).slice(1);
  expect(answers.filter((answer) => !/got: \{/.test(answer))).toEqual([]);
  expect(answers).toHaveLength(asked.length);
});

test.each(queries)("$at: asks for what agents tell", ({ expr }) => {
  expect(untoldIn(expr)).toEqual([]);
});

test("every panel asks something, of the data source that is chosen, and is called by a title of its own", () => {
  for (const { title, targets = [], datasource } of panels) {
    expect(targets.length, title).toBeGreaterThan(0);
    for (const { uid } of [datasource, ...targets.map((target) => target.datasource)].flatMap(
      (each) => each ?? [],
    ))
      expect(uid, title).toMatch(/^\$\{datasource\}$/);
  }
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  const all = [...dashboard.panels, ...panels];
  expect(new Set(all.map(({ id }) => id)).size).toBe(new Set(all).size);
});

test("cluster, node and service are chosen, and every query of a panel heeds the cluster", () => {
  expect(dashboard.templating.list.map(({ name }) => name)).toEqual([
    "datasource",
    "cluster",
    "node",
    "service",
  ]);
  for (const { title, targets = [] } of panels)
    for (const { expr } of targets) expect(expr, title).toContain('cluster=~"$cluster"');
});

test("no two panels stand on each other, and none beside the page", () => {
  // Those of a folded row count on from its place, and come apart from the rest.
  for (const shown of [dashboard.panels, ...dashboard.panels.map((panel) => panel.panels ?? [])])
    for (const [index, one] of shown.entries()) {
      expect(one.gridPos.x + one.gridPos.w, one.title).toBeLessThanOrEqual(24);
      for (const other of shown.slice(index + 1))
        expect(overlap(one, other), `${one.title} and ${other.title}`).toBe(false);
    }
});

const overlap = ({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
