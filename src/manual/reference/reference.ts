import type { Command } from "commander";
import { topologyJsonSchema } from "../../topology/schema.js";
import { commandWords } from "../command-words.js";
import { commandsReference } from "./commands-reference.js";
import { eventsReference } from "./events-reference.js";
import { metricsReference } from "./metrics-reference.js";
import { topologyReference } from "./topology-reference.js";

/** Every page of docs/reference/, by its file's name: the program's own words, so that they cannot differ. */
export async function referencePages(
  program: Command,
  starter: string,
): Promise<{ readonly file: string; readonly body: string }[]> {
  return [
    { file: "topology.md", body: topologyReference(topologyJsonSchema(), starter) },
    { file: "commands.md", body: commandsReference(commandWords(program)) },
    { file: "events.md", body: eventsReference() },
    { file: "metrics.md", body: await metricsReference() },
  ];
}
