import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  /** Of a row that is folded. */
  readonly panels?: readonly Panel[];
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}

/** A file of monitoring/, as it ships. */
export const shipped = (name: string): string =>
  readFileSync(new URL(`../../monitoring/${name}`, import.meta.url), "utf8");

export const alerts = parse(shipped("alerts.yaml")) as RuleFile;
export const rules = alerts.groups.flatMap((group) => group.rules);
export const dashboard = JSON.parse(shipped("grafana.json")) as Dashboard;

/** All panels but the rows themselves, also those of rows that are folded. */
export const panels = dashboard.panels.flatMap((panel) =>
  panel.type === "row" ? (panel.panels ?? []) : [panel],
);

/** Every expression of the dashboard, with what its variables stand for while nothing is chosen, by where it stands. */
export const queries: readonly { readonly at: string; readonly expr: string }[] = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ at: title, expr }))),
  ...dashboard.annotations.list.map(({ name, expr }) => ({ at: `annotation ${name}`, expr })),
  ...dashboard.templating.list.flatMap(({ name, definition = "" }) => {
    const [, expr] = /^label_values\((.*), \w+\)$/.exec(definition) ?? [];
    return expr === undefined ? [] : [{ at: `variable ${name}`, expr }];
  }),
].map(({ at, expr }) => ({
  at,
  expr: expr.replaceAll("$__rate_interval", "1m").replaceAll(/\$(cluster|node|service)\b/g, ".*"),
}));
