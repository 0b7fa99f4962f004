import { EventEmitter, once } from "node:events";
import { type Progress, type Stage, stages } from "../lab/up.js";

type Report = (event: Progress) => void;
type Words = Readonly<Record<Stage, string>>;

/** Shows the stages of `work` while it runs: moving on a terminal, one line a stage elsewhere. */
export async function showProgress<T>(
  words: Words,
  quiet: boolean,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  if (quiet || !process.stdout.isTTY) return work(lines(words, quiet ? process.stderr : process.stdout));
  return moving(words, work);
}

function lines(words: Words, out: NodeJS.WriteStream): Report {
  let began = Date.now();
  return ({ stage, state, detail }) => {
    if (state === "begun") began = Date.now();
    else
      out.write(
        `  ${words[stage].padEnd(14)}${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${detail}\n`,
      );
  };
}

/** A listr2 task for each stage, which ends when the stage does. */
async function moving<T>(words: Words, work: (report: Report) => Promise<T>): Promise<T> {
  const { Listr } = await import("listr2");
  const events = new EventEmitter();
  // Listened for from the start: a stage may end before its task begins to wait.
  const ends = new Map(stages.map((stage) => [stage, once(events, stage)]));
  for (const end of ends.values()) end.catch(() => undefined); // The work's own failure is the one to report.
  const tasks = new Listr(
    stages.map((stage) => ({
      title: words[stage],
      task: async (_context, task) => {
        const [detail] = (await ends.get(stage)) ?? [];
        if (detail === undefined) task.skip(`${words[stage]}: not part of this lab`);
        else task.title = `${words[stage]}: ${detail}`;
      },
    })),
    { rendererOptions: { timer: { condition: true, field: (ms: number) => `${(ms / 1000).toFixed(1)} s` } } },
  );
  const shown = tasks.run();
  shown.catch(() => undefined);
  try {
    const result = await work(({ stage, state, detail }) => {
      if (state === "done") events.emit(stage, detail);
    });
    for (const stage of stages) events.emit(stage); // Those that were not part of it.
    await shown;
    return result;
  } catch (error) {
    events.emit("error", error);
    await shown.catch(() => undefined);
    throw error;
  }
}
