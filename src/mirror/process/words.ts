import type { CopyLink } from "../copy-link.js";
import type { MirrorTask } from "../mirrors-of.js";
import type { MirrorReport } from "../report.js";
import type { KnownStream, StreamNews } from "../stream-book.js";

/** What an agent tells the process that mirrors for it. */
export type Order =
  | { readonly kind: "tasks"; readonly tasks: readonly MirrorTask[]; readonly link: CopyLink | null }
  /** Services whose virtual IPs this node has. */
  | { readonly kind: "active"; readonly services: readonly string[] }
  /** Streams that may go on here. */
  | { readonly kind: "inherit"; readonly service: string; readonly streams: readonly KnownStream[] }
  /** They ended elsewhere; null for all. */
  | { readonly kind: "disinherit"; readonly service: string; readonly keys: readonly string[] | null };

/** What that process tells the agent. */
export type Word =
  | { readonly kind: "report"; readonly mirrors: readonly MirrorReport[] }
  /** Whole: the news name all streams of the service. */
  | { readonly kind: "streams"; readonly news: StreamNews; readonly whole: boolean };
