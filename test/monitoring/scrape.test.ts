import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { rules } from "./files.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-scrape-"));
afterAll(() => rmSync(directory, { recursive: true }));

const [configuration = ""] = [
  ...readFileSync("docs/monitoring.md", "utf8").matchAll(/^```yaml\n(.*?)^```$/gms),
].map(([, block]) => block);

test("what the document has for prometheus.yml is a configuration to Prometheus", () => {
  const file = join(directory, "prometheus.yml");
  writeFileSync(file, configuration);
  const argv = ["check", "config", "--syntax-only", file];
  expect(execFileSync("promtool", argv, { encoding: "utf8", stdio: "pipe" })).toContain("SUCCESS");
});

test("the rules ask for the job that it makes, and have time enough between its scrapes", () => {
  const [job] = parse(configuration).scrape_configs;
  const jobs = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/job=~"([^"]*)"/g)].map(([, pattern = ""]) => pattern),
  );
  expect(jobs.length).toBeGreaterThan(0);
  for (const pattern of jobs) expect(job.job_name).toMatch(new RegExp(`^(?:${pattern})$`));
  expect(Number.parseInt(job.scrape_interval, 10)).toBeLessThanOrEqual(15);
});
