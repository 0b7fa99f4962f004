import type { Rendered } from "../../deploy/rendered.js";
import type { Engines } from "../../render/engines.js";

/** What the renderer reads from its standard input, as JSON. */
export interface RenderQuestion {
  readonly topology: string;
  /** Whose files are wanted. */
  readonly node: string;
  readonly programVersion: string;
  /** Those on its machine. */
  readonly engines: Engines;
}

/** What it writes on its standard output. Sentences name a place in the file: `LINE:COLUMN path: message`. */
export type RenderAnswer = { readonly problems: readonly string[] } | Rendered;
