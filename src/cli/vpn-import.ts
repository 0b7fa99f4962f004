import { importVpn } from "../import/vpn/import.js";
import { type OutcomeOptions, writeImport } from "./import-outcome.js";
import { readSource } from "./source-file.js";

export async function importVpnFiles(files: readonly string[], options: OutcomeOptions): Promise<void> {
  await writeImport("vpn-import", importVpn(await Promise.all(files.map(readSource))), options);
}
