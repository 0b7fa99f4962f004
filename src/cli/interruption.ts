/**
 * Runs `work` with a signal that Ctrl-C, SIGTERM, a terminal that goes away or a reader that does aborts, so that what was
 * begun is undone before the program ends. A second Ctrl-C ends it at once; a terminal may say twice that it goes.
 *
 * @param words what the operator is told then
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  words: string | (() => string) = "interrupted; what was broken is mended",
): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void =>
    abort.signal.aborted ? undefined : abort.abort(new Error(typeof words === "string" ? words : words()));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  process.on("SIGHUP", interrupt);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", interrupt);
  try {
    return await work(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    // Nobody may read any more: what is still to be said ends nothing, and what is still to be written is.
    if (!abort.signal.aborted) {
      process.off("SIGHUP", interrupt);
      for (const stream of [process.stdout, process.stderr]) stream.off("error", interrupt);
    }
  }
}
