import type { Import } from "../import/import.js";
import { printJson, UserError } from "./context.js";
import { importText } from "./import-text.js";
import { writeOutput } from "./output-file.js";

export interface OutcomeOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Writes the topology to the file that was named or to standard output, and the list of what was found to where the topology is not. */
export async function writeImport(document: string, result: Import, options: OutcomeOptions): Promise<void> {
  const { topology, refused, findings, problems } = result;
  const list = importText(result, options.out ?? null);
  if (topology === null) {
    process.stderr.write(list);
    throw new UserError(refused ?? "the files do not make a topology");
  }
  if (options.out !== undefined) await writeOutput(options.out, topology, { force: options.force === true });
  const valid = problems.every(({ severity }) => severity !== "error");
  if (options.json === true)
    printJson(document, { file: options.out ?? null, valid, topology, findings, problems });
  else if (options.out === undefined) {
    process.stdout.write(topology);
    process.stderr.write(list);
  } else process.stdout.write(list);
}
