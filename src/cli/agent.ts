import type { Command } from "commander";
import { UserError } from "./context.js";

/** `holdfast agent`: the daemon of one node, in the foreground until SIGTERM. */
export function registerAgent(program: Command): void {
  program
    .command("agent")
    .description(
      "watch this node, tell keepalived when a peer should serve, and take part in changes (daemon)",
    )
    .option("--lab", "this machine is one of a lab: its engines are under the lab's supervisor, not systemd")
    .option("--json", "accepted like everywhere; the log is JSON anyway")
    .addHelpText(
      "after",
      `
Reads its certificate from /etc/holdfast/pki; without a topology it waits for the first 'holdfast apply'. Logs JSON
lines on stderr. Its API: curl --unix-socket /run/holdfast/agent.sock http://agent/v1/openapi.json

Example:
  $ holdfast agent`,
    )
    .action(runAgent);
}

async function runAgent({ lab }: { readonly lab?: boolean }): Promise<void> {
  (await import("../agent/frugal.js")).liveOnLittle();
  const [{ pino }, host, { startDaemon }, { Watchdog }, { programVersion }] = await Promise.all([
    import("pino"),
    lab
      ? import("../lab/own-machine.js").then(({ ownMachine }) => ownMachine())
      : import("../host/this-machine.js").then(({ thisMachine }) => thisMachine()),
    import("../agent/daemon/start.js"),
    import("../agent/watchdog.js"),
    import("./version.js"),
  ]);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  const daemon = await startDaemon(host, programVersion, log);
  if (daemon === null)
    throw new UserError(
      "this machine is no node yet: it has neither a certificate nor a topology; " +
        "'holdfast pki issue NODE' makes a certificate, for /etc/holdfast/pki",
    );
  const watchdog = new Watchdog(process.env);
  watchdog.ready();
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  await daemon.stop();
  watchdog.stop();
}
