import { setPriority } from "node:os";
import { text } from "node:stream/consumers";
import { PkiError } from "../pki-error.js";
import { type Answer, inThisProcess, type Question } from "./work.js";

// A short process of its own: what judges a node's health must not wait while the certificate library is loaded.
setPriority(10);
const question: Question = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await answer()));

async function answer(): Promise<Answer<unknown>> {
  try {
    if (question.kind === "request") return { done: await inThisProcess.newRequest(question.identity) };
    return { done: await inThisProcess.readRevocations(question.pem, question.authority) };
  } catch (error) {
    if (error instanceof PkiError) return { refused: error.message };
    throw error;
  }
}
