import { execFile } from "node:child_process";
import type { PreflightDocument } from "../../src/api/preflight.js";

export interface Told extends PreflightDocument {
  readonly code: number;
}

/** `holdfast preflight --lab --json`, as an operator types it. */
export const preflight = (file: string): Promise<Told> =>
  new Promise((resolve, reject) => {
    const argv = ["dist/cli/main.js", "preflight", "--file", file, "--lab", "--json"];
    execFile("node", argv, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 }, (error, out, err) => {
      try {
        resolve({ ...JSON.parse(out), code: Number(error?.code ?? 0) });
      } catch {
        reject(new Error(`no document: ${out}${err}`));
      }
    });
  });

/** `NODE CHECK STATUS PLACE` of whatever is a warning or an error, sorted. */
export const complaints = ({ findings }: PreflightDocument): string[] =>
  findings
    .filter(({ status }) => status === "error" || status === "warning")
    .map(({ node, check, status, place }) => `${node} ${check} ${status} ${place}`)
    .sort();

/** What a cure of systemd-networkd's would have written, and where: `write "SECTION" and "LINE" into FILE, then ...`. */
export function cureFile(cure: string | null): { readonly path: string; readonly body: string } {
  const [, section, line, path] = /^write "(.+?)" and "(.+?)" into (\S+), then /.exec(cure ?? "") ?? [];
  if (path === undefined) throw new Error(`no file to write: ${cure}`);
  return { path, body: `${section}\n${line}\n` };
}

/** The one finding that begins so, as `complaints` has it. */
export function finding(
  { findings }: PreflightDocument,
  begins: string,
): { readonly text: string; readonly cure: string | null } {
  const found = findings.filter(({ node, check, status, place }) =>
    `${node} ${check} ${status} ${place}`.startsWith(begins),
  );
  const [one] = found;
  if (one === undefined || found.length > 1) throw new Error(`${found.length} findings begin with ${begins}`);
  return one;
}
