/**
 * Runs `work` with a signal that Ctrl-C (or SIGTERM) aborts, so that what was begun is undone before the program ends.
 * A second Ctrl-C ends it at once.
 *
 * @param words what the operator is told then
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  words: string | (() => string) = "interrupted; what was broken is mended",
): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new Error(typeof words === "string" ? words : words()));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await work(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
