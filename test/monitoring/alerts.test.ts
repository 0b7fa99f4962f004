import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { alerts, type Rule, rules, shipped } from "./files.js";
import { untoldIn } from "./told.js";

interface UnitTests {
  readonly tests: readonly {
    readonly name: string;
    readonly alert_rule_test?: readonly { readonly alertname: string }[];
    readonly promql_expr_test?: readonly {
      readonly expr: string;
      readonly exp_samples?: readonly { readonly labels?: string }[];
    }[];
  }[];
}

const directory = mkdtempSync(join(tmpdir(), "holdfast-alerts-"));
afterAll(() => rmSync(directory, { recursive: true }));

const names = rules.map(({ alert }) => alert);
const testFiles = ["alerts.test.yaml", "alerts-by-the-hour.test.yaml"];
const units = testFiles.flatMap((name) => (parse(shipped(name)) as UnitTests).tests);

/** Labels of every alert that a test has seen ring, by its name. */
const rung = new Map<string, Set<string>[]>();
for (const { exp_samples = [] } of units.flatMap((unit) => unit.promql_expr_test ?? []))
  for (const { labels = "" } of exp_samples) {
    const own = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    if (own.alertname !== undefined)
      rung.set(own.alertname, [...(rung.get(own.alertname) ?? []), new Set(Object.keys(own))]);
  }
const silent = new Set(
  units.flatMap((unit) => (unit.alert_rule_test ?? []).map(({ alertname }) => alertname)),
);

/** @throws what promtool has against it */
const promtool = async (...argv: string[]): Promise<string> =>
  (await promisify(execFile)("promtool", argv, { cwd: "monitoring" })).stdout;

test("the rules are rules to promtool", async () => {
  expect(await promtool("check", "rules", "--lint=all", "--lint-fatal", "alerts.yaml")).toContain(
    `${rules.length} rules found`,
  );
});

for (const name of testFiles)
  test(`what ${name} says of them is so`, { timeout: 300_000 }, async () => {
    expect(await promtool("test", "rules", name)).toContain("SUCCESS");
  });

test("every alert rings in a test, and is silent in one", () => {
  expect(names.filter((name) => !rung.has(name))).toEqual([]);
  expect(names.filter((name) => !silent.has(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test("an hour in which nothing may ring would be noticed to have one that rings too early", {
  timeout: 120_000,
}, async () => {
  const early = {
    groups: alerts.groups.map(({ name, rules }) => ({ name, rules: rules.map(withoutPatience) })),
  };
  writeFileSync(join(directory, "alerts.yaml"), stringify(early));
  const calm = units.filter(({ name }) => name.endsWith("rings nothing"));
  expect(calm.length).toBeGreaterThan(3);
  for (const unit of calm) {
    const of = { rule_files: ["alerts.yaml"], evaluation_interval: "15s", tests: [unit] };
    writeFileSync(join(directory, "calm.yaml"), stringify(of));
    await expect(promtool("test", "rules", join(directory, "calm.yaml")), unit.name).rejects.toThrow(
      /got: \{__name__="ALERTS"/,
    );
  }
});

test("day two names every alert, and none that is none", () => {
  const page = readFileSync("docs/operating.md", "utf8");
  const named = new Set(page.match(/\bHoldfast[A-Z]\w*/g));
  expect([...named].sort()).toEqual([...names].sort());
});

const withoutPatience = ({ for: _, ...rule }: Rule): Omit<Rule, "for"> => rule;

describe.each(rules)("$alert", ({ alert, expr, labels, annotations }) => {
  test("asks for what agents tell", () => {
    expect(untoldIn(expr)).toEqual([]);
  });

  test("is for a pager or for a ticket, and says what is wrong, what to do and where it is written", () => {
    expect(alert).toMatch(/^Holdfast[A-Z]/);
    expect(["page", "ticket"]).toContain(labels.severity);
    const { summary, description, runbook } = annotations;
    expect(summary).toContain("$labels.cluster");
    expect(summary.length + description.length).toBeLessThan(700);
    const [page = "", anchor] = runbook.split("#");
    const headings = readFileSync(page, "utf8").match(/^#+ .*$/gm) ?? [];
    if (anchor !== undefined) expect(headings.map(anchorOf)).toContain(anchor);
  });

  test("names nothing that it does not know when it rings", () => {
    const words = Object.values(annotations).join(" ");
    const named = [...words.matchAll(/\$labels\.(\w+)/g)].map(([, name = ""]) => name);
    // What stands within `with` is left out where it is not known.
    const optional = [...words.matchAll(/\{\{ with \$labels\.(\w+)/g)].map(([, name]) => name);
    for (const known of rung.get(alert) ?? [])
      expect(named.filter((name) => !known.has(name) && !optional.includes(name))).toEqual([]);
  });
});

/** As GitHub makes a heading's anchor. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
