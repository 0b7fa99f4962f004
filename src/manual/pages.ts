import type { Command } from "commander";
import { topologyJsonSchema } from "../topology/schema.js";
import { commandPage, pageName } from "./command-page.js";
import { commandWords } from "./command-words.js";
import { topologyPage } from "./topology-page.js";

/** Every manual page there is, by its file's name. */
export function manualPages(
  program: Command,
  starter: string,
  edition: { readonly version: string; readonly date: string },
): { readonly file: string; readonly body: string }[] {
  const commands = commandWords(program).map((words) => ({
    file: `${pageName(words.path)}.1`,
    body: commandPage(words, edition),
  }));
  const topology = topologyPage(topologyJsonSchema(), starter, edition);
  return [...commands, { file: "holdfast-topology.5", body: topology }];
}
