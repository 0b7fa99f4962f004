import type { Command } from "commander";
import { UserError } from "./context.js";

/** `holdfast agent`: the daemon of one node, in the foreground until SIGTERM. */
export function registerAgent(program: Command): void {
  program
    .command("agent")
    .description(
      "watch this node's engines and networks, and tell keepalived when a peer should serve (daemon)",
    )
    .option("--json", "accepted like everywhere; the log is JSON anyway")
    .addHelpText(
      "after",
      `
Reads /etc/holdfast/node.json, which 'holdfast apply' writes; logs JSON lines on stderr.
Its state: curl --unix-socket /run/holdfast/agent.sock http://agent/v1/state

Example:
  $ holdfast agent`,
    )
    .action(runAgent);
}

async function runAgent(): Promise<void> {
  const [{ pino }, { thisMachine }, { Agent }, { readNode }, { serve }, { paths }] = await Promise.all([
    import("pino"),
    import("../host/this-machine.js"),
    import("../agent/agent.js"),
    import("../agent/node-document.js"),
    import("../agent/api.js"),
    import("../render/paths.js"),
  ]);
  const host = thisMachine();
  const document = await readNode(host);
  if (document === null)
    throw new UserError(
      "this machine is no node yet: /etc/holdfast/node.json is missing; run 'holdfast apply' first",
    );
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  const agent = new Agent(document, host, log);
  agent.start();
  const api = await serve(paths.agentSocket, {
    state: () => agent.state(),
    yieldFor: (milliseconds) => agent.yieldFor(milliseconds),
  });
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  api.close();
  api.closeAllConnections();
  await agent.stop();
}
