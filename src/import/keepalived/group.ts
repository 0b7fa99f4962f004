import type { Tell } from "../finding.js";
import type { Statement } from "../source-text.js";
import type { SyncGroup } from "./keepalived.js";
import { groupFates } from "./not-carried.js";

/** Reads a vrrp_sync_group: who is in it, and what of it has no place. */
export function readGroup({ words, line, body }: Statement, file: string, tell: Tell): SyncGroup {
  const members: string[] = [];
  for (const statement of body ?? []) {
    const [key = ""] = statement.words;
    const fate = Object.hasOwn(groupFates, key) ? groupFates[key] : undefined;
    if (key === "group") {
      const named = statement.body?.flatMap((each) => each.words) ?? statement.words.slice(1);
      members.push(...named);
    } else {
      const [kind, why, cure] = fate ?? ["lost", "import does not know it", "see whether it is missed"];
      const what = fate === undefined ? statement.words.join(" ") : key;
      tell({ file, line: statement.line }, kind, what, why, cure);
    }
  }
  return { file, line, name: words[1] ?? "", members };
}
