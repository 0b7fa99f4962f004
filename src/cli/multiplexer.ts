import type { Command } from "commander";
import type { MultiplexerProgram } from "../mirror/inline/program.js";

/** `holdfast multiplexer`: the daemon in the path of sessions that a master controller shares, in the foreground until SIGTERM. */
export function registerMultiplexer(program: Command): void {
  program
    .command("multiplexer")
    .description(
      "stand between HAProxy and controllers that share their switches with a master controller (daemon)",
    )
    .option("--json", "accepted like everywhere; the log is JSON anyway")
    .addHelpText(
      "after",
      `
Serves what /etc/holdfast/multiplexer.json says, which 'holdfast apply' writes; reads it again on SIGHUP, and what did
not change goes on. Logs JSON lines on stderr. How far each copy is: a line of JSON a second at
/run/holdfast/multiplexer.sock

Example:
  $ holdfast multiplexer`,
    )
    .action(runMultiplexer);
}

async function runMultiplexer(): Promise<void> {
  let multiplexer: MultiplexerProgram | null = null;
  // One that arrives before the file was read asks for nothing that is not about to happen.
  process.on("SIGHUP", () => void multiplexer?.reload());
  const ending = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
  });
  const [{ pino }, { Accounts }, { paths }, { doorsDirectory }, { MultiplexerProgram }] = await Promise.all([
    import("pino"),
    import("../host/accounts.js"),
    import("../render/paths.js"),
    import("../render/multiplexer-doors.js"),
    import("../mirror/inline/program.js"),
  ]);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  const group = (await Accounts.read("/etc/group")).number("haproxy");
  const places = {
    file: paths.multiplexerJson,
    doors: doorsDirectory,
    reports: paths.multiplexerSocket,
    group,
  };
  multiplexer = await MultiplexerProgram.start(places, log);
  void multiplexer.reload();
  await ending;
  await multiplexer.end();
  process.exit(0); // A controller that does not take its leave is not waited for.
}
