import type { Host } from "../../host/host.js";
import { heldSockets, socketList } from "./held-sockets.js";
import { type Suspect, type Suspects, suspectIn } from "./stale.js";

/** More would keep the wire busy for seconds. */
export const mostReleased = 20_000;

export interface Found {
  /** Sessions that the kernel's table tells of and no socket of this machine holds; `mostReleased` at most. */
  readonly stale: readonly Suspect[];
  /** How many more there may be. */
  readonly beyond: number;
}

/** Throws in the words of the programs that are asked. */
export async function findStale(host: Pick<Host, "run">, suspects: readonly Suspects[]): Promise<Found> {
  const lists = await Promise.all(suspects.map((one) => readSuspects(host, one)));
  const all = lists.flatMap(({ read }) => read);
  // Asked last: a session that began meanwhile has its socket by now.
  const held = all.length === 0 ? new Set() : await sockets(host, suspects);
  const stale = all.filter(({ socket }) => !held.has(socket));
  const overread = lists.reduce((sum, { beyond }) => sum + beyond, 0);
  const beyond = overread + Math.max(0, stale.length - mostReleased);
  return { stale: stale.slice(0, mostReleased), beyond };
}

/** Line by line, as they come: a table of a million entries neither fills the memory nor stops other work. */
async function readSuspects(
  host: Pick<Host, "run">,
  suspects: Suspects,
): Promise<{ readonly read: Suspect[]; readonly beyond: number }> {
  const read: Suspect[] = [];
  let [rest, beyond] = ["", 0];
  const take = (piece: string): void => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // Twice as many: some of them may be held.
      if (read.length >= 2 * mostReleased) beyond++;
      else {
        const suspect = suspectIn(suspects, line);
        if (suspect !== null) read.push(suspect);
      }
    }
  };
  const { exitCode, stderr } = await host.run(suspects.argv, { take, urgent: true });
  if (exitCode !== 0) throw new Error(`conntrack -L: ${stderr.trim()}`);
  return { read, beyond };
}

async function sockets(host: Pick<Host, "run">, suspects: readonly Suspects[]): Promise<Set<string>> {
  const { exitCode, stdout, stderr } = await host.run(socketList(suspects.map(({ port }) => port)), {
    urgent: true,
  });
  if (exitCode !== 0) throw new Error(`ss: ${stderr.trim()}`);
  return heldSockets(stdout);
}
