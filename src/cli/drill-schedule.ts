import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Schedule } from "../drill/schedule.js";
import { type AgentOptions, certificateOptions } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { refuseUnknown } from "./drill-names.js";
import { needNodes } from "./need-nodes.js";
import { pkiDirectory } from "./operator-bundle.js";
import { writeOutput } from "./output-file.js";
import { clusterOptions, loadCluster, topologyPath } from "./topology-file.js";

interface ScheduleOptions extends AgentOptions {
  readonly on: string;
  readonly out: string;
  readonly reports: string;
  readonly force?: boolean;
}

export function registerSchedule(drill: Command): void {
  certificateOptions(clusterOptions(drill.command("schedule")))
    .description("write units of systemd that run safe drills on the real nodes, again and again")
    .argument("<name...>", "drills that break nothing, as 'holdfast drill list' marks them")
    .requiredOption("--on <calendar>", "when, as systemd.time(7) has it: 'Sun 03:00'")
    .requiredOption("--out <dir>", "write the two units into this directory")
    .requiredOption("--reports <dir>", "where each run leaves its report, in a folder of its own")
    .option("--force", "overwrite units that exist")
    .addHelpText(
      "after",
      `
For the operator's machine: the drills use your certificate and your topology file, which stay where they are. A run that
did not meet its expectations, or found the cluster unhealthy, fails its service.

Exit codes: 0 the units are written, 1 they are not.

Example:
  $ holdfast drill schedule switchover --on 'Sun 03:00' -f pair.yaml --out ~/.config/systemd/user --reports ~/drills
  $ systemctl --user daemon-reload && systemctl --user enable --now holdfast-drills-campus.timer
  $ sudo loginctl enable-linger $USER          also while you are not logged in`,
    )
    .action(schedule);
}

async function schedule(names: readonly string[], options: ScheduleOptions): Promise<void> {
  const path = topologyPath(options);
  if (path === "-") throw new UserError("a schedule needs a topology that stays: name its file with -f");
  const { cluster } = await loadCluster(options);
  needNodes(cluster, "'holdfast drill schedule'");
  const { onlySafe } = await import("./drill-live.js");
  const { everyDrill } = await import("../drill/offered.js");
  refuseUnknown(everyDrill, names);
  const drills = onlySafe(names.map((name) => ({ name }))).map(({ name }) => name);
  const next = await nextTime(options.on);
  const as = options.as ?? process.env.HOLDFAST_OPERATOR;
  const argv = [
    process.execPath,
    await realpath(process.argv[1] ?? ""),
    ...["drill", "run", ...drills, "--yes"],
    ...["--file", resolve(path)],
    ...["--pki", resolve(pkiDirectory(cluster.name, options.pki))],
    ...(as === undefined ? [] : ["--as", as]),
    ...["--reports", resolve(options.reports)],
  ];
  const units = await unitsOf({ cluster: cluster.name, drills, on: options.on, argv });
  const files: string[] = [];
  for (const [name, body] of Object.entries(units)) {
    const file = join(options.out, name);
    await writeOutput(file, body, { force: options.force === true });
    files.push(file);
  }
  if (options.json) return printJson("drill-schedule", { files, next });
  process.stdout.write(files.map((file) => `${file}\n`).join(""));
  process.stdout.write(
    next === null
      ? "When it first runs could not be asked: systemd-analyze is not here.\n"
      : `First run: ${next}\n`,
  );
}

async function unitsOf(wanted: Schedule): Promise<Readonly<Record<string, string>>> {
  const { scheduleUnits, UnwritableError } = await import("../drill/schedule.js");
  try {
    return scheduleUnits(wanted);
  } catch (error) {
    if (error instanceof UnwritableError) throw new UserError(error.message);
    throw error;
  }
}

/** When systemd would run it first; null where there is no systemd to ask. Throws where that refuses. */
async function nextTime(on: string): Promise<string | null> {
  const { runner } = await import("../host/run.js");
  const run = runner([]);
  const asked = await run(["systemd-analyze", "calendar", "--", on]).catch(() => null);
  if (asked === null) return null;
  if (asked.exitCode !== exit.ok)
    throw new UserError(
      `--on '${on}': ${asked.stderr.trim() || "systemd does not know this calendar event"}`,
    );
  return /Next elapse: (.+)/.exec(asked.stdout)?.[1] ?? null;
}
