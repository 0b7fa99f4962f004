import type { MaintenanceBook } from "./maintenance-book.js";
import type { Member } from "./member.js";
import { within } from "./time-limit.js";

/** Milliseconds. */
const patience = 2_000;

/** Exchanges the last words on maintenance with each of them. Returns the names of those that did not answer. */
export async function meetAll(
  book: MaintenanceBook,
  members: readonly Pick<Member, "node" | "meet">[],
): Promise<string[]> {
  const met = await Promise.all(
    members.map(async (member) => {
      try {
        await book.meet(await within(patience, member.meet(book.notes), "no answer"));
        return null;
      } catch {
        return member.node;
      }
    }),
  );
  return met.flatMap((node) => node ?? []);
}
