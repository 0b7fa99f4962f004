import type { DrillReport } from "../drill/report.js";
import type { Cluster } from "../topology/cluster.js";
import { type GlobalOptions, printJson } from "./context.js";

interface ShowOptions extends GlobalOptions {
  readonly report?: string;
  readonly reports?: string;
}

/** Prints what came of drills, and writes it into the folders that were named. */
export async function showDrills(
  ran: DrillReport,
  cluster: Cluster,
  { json, report, reports }: ShowOptions,
): Promise<void> {
  const { reportFiles, reportText } = await import("../drill/report-files.js");
  const { join } = await import("node:path");
  const folders = [
    report ?? [],
    reports === undefined ? [] : join(reports, folderOf(ran.about.begun)),
  ].flat();
  for (const folder of folders) {
    const { mkdir, writeFile } = await import("node:fs/promises");
    await mkdir(folder, { recursive: true });
    for (const [name, body] of Object.entries(reportFiles(ran, cluster)))
      await writeFile(join(folder, name), body);
  }
  if (json) return printJson("drills", { ...ran });
  process.stdout.write(`${reportText(ran)}\n`);
  for (const folder of folders) process.stdout.write(`Report: ${folder}\n`);
}

/** `2026-12-06T030002Z`: sorts by time, and stands on every file system. */
const folderOf = (moment: string): string => moment.replace(/\.\d+/, "").replaceAll(":", "");
