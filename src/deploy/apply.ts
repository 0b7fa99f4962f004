import type { Host } from "../host/host.js";
import type { FileEngine } from "../render/file.js";
import { checkedEngines, checkStaged, type Refusal } from "./check.js";
import { generationPaths, isSame, manifestOf } from "./generation.js";
import { writeJournal } from "./journal.js";
import { openvpnLost } from "./openvpn-up.js";
import { defaultPatience, type Patience } from "./patience.js";
import type { NodePlan } from "./plan.js";
import { remember } from "./remember.js";
import { runStep, type Target } from "./run-step.js";
import type { Step } from "./steps.js";
import { undo } from "./undo.js";

/** Engines refuse their files. Nothing was changed. */
export class RefusedError extends Error {
  constructor(
    readonly node: string,
    readonly refusals: readonly Refusal[],
  ) {
    super(
      refusals.map(({ path, engine, words }) => `${node}: ${engine} refuses ${path}:\n${words}`).join("\n"),
    );
  }
}

/** A commit failed. `restored` says whether the node's files are again as they were, `left` what is not, a line each. */
export class CommitError extends Error {
  constructor(
    node: string,
    why: unknown,
    readonly restored: boolean,
    left = "",
  ) {
    super(
      `${node}: ${why instanceof Error ? why.message : String(why)}\n${outcomeText(node, restored, left)}`,
    );
  }
}

function outcomeText(node: string, restored: boolean, left: string): string {
  if (!restored)
    return `${node} could not be put back:\n${left}\nRun apply again: it begins by putting it back.`;
  return left === ""
    ? `${node} is as it was before`
    : `${node} has its files of before, but not all of its engines:\n${left}`;
}

/** Staged and accepted by every engine; the node still runs what it ran. */
export interface Prepared {
  readonly checked: readonly FileEngine[];
  /**
   * Puts everything in place and sees it take; `keep` or `recover` ends it. Throws a CommitError after having put
   * everything back.
   */
  commit(): Promise<void>;
}

/** Writes every file beside its place and asks the engines. Throws a RefusedError with all that they refuse. */
export async function prepare(
  host: Host,
  plan: NodePlan,
  target: Target,
  patience: Patience = defaultPatience,
): Promise<Prepared> {
  const staged = new Map<string, string>();
  try {
    for (const { path, after } of plan.changes) {
      if (after === null) continue;
      const { body, ...attributes } = after;
      staged.set(path, await host.stage(path, body, attributes));
    }
    const refusals = await checkStaged(host, plan.node, target.files, staged);
    if (refusals.length > 0) throw new RefusedError(host.name, refusals);
  } catch (error) {
    for (const place of staged.values()) await host.remove(place);
    throw error;
  }
  return {
    checked: checkedEngines(plan),
    commit: () => commit(host, plan, target, staged, patience),
  };
}

async function commit(
  host: Host,
  plan: NodePlan,
  target: Target,
  staged: ReadonlyMap<string, string>,
  patience: Patience,
): Promise<void> {
  const journal = await remember(host, plan, target, staged).catch(async (error: unknown) => {
    for (const place of staged.values()) await host.remove(place);
    throw new CommitError(host.name, error, true);
  });
  const begun: Step[] = [];
  try {
    await writeJournal(host, journal);
    await writeGeneration(host, plan, target);
    for (const { path } of plan.changes) {
      const place = staged.get(path);
      await (place === undefined ? host.remove(path) : host.swap(place, path));
    }
    for (const step of plan.steps) {
      begun.push(step);
      await runStep(host, step, target, plan.changes, patience);
    }
    await host.link(generationPaths.of(plan.to), generationPaths.current);
  } catch (error) {
    await undo(host, journal, begun).catch((left: Error) => {
      throw new CommitError(host.name, error, false, left.message);
    });
    throw new CommitError(host.name, error, true, await openvpnLost(host, begun, patience));
  }
}

/** Copies the files, the topology and their manifest into history, unless this is the generation that runs. */
async function writeGeneration(host: Host, { from, to }: NodePlan, { files, note }: Target): Promise<void> {
  if (isSame(from, to)) return;
  const write = async (path: string, body: string) =>
    host.swap(await host.stage(path, body, { mode: 0o600, user: "root", group: "root" }), path);
  for (const { path, body } of files) await write(generationPaths.file(to, path), body);
  if (note !== undefined) await write(generationPaths.topology(to), note.topology);
  const manifest = manifestOf(to, files, host.now(), note);
  await write(generationPaths.manifest(to), `${JSON.stringify(manifest, null, 2)}\n`);
}
