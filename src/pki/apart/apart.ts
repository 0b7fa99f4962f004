import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { PkiError } from "../pki-error.js";
import type { Answer, CertificateWork, Question } from "./work.js";

const program = fileURLToPath(new URL("./program.js", import.meta.url));

/** Milliseconds: half a second on an idle machine. */
const patience = 15_000;

/**
 * The same work in a process that ends with it: loading the library takes 150 ms, in which an agent could not judge its
 * node's health, and 20 MB, which it would keep.
 */
export function apart(host: Pick<Host, "run">, script = program): CertificateWork {
  const ask = async <T>(question: Question): Promise<T> => {
    const options = { stdin: JSON.stringify(question), timeout: patience };
    const { exitCode, stdout } = await host.run([process.execPath, script], options);
    if (exitCode !== 0) throw new Error(`the work on a certificate ended with exit code ${exitCode}`);
    const answer: Answer<T> = JSON.parse(stdout);
    if ("refused" in answer) throw new PkiError(answer.refused);
    return answer.done;
  };
  return {
    newRequest: (identity) => ask({ kind: "request", identity }),
    readRevocations: (pem, authority) => ask({ kind: "revocations", pem, authority }),
  };
}
