import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { pino } from "pino";
import { Agent } from "../../dist/agent/agent.js";
import { readNode } from "../../dist/agent/node-document.js";
import { thisMachine } from "../../dist/host/this-machine.js";

/** An agent's core alone, for a node of the rig: each SIGUSR2 replaces it by the next. Its state is where an agent's is. */
const socket = "/run/holdfast/agent.sock";
const host = thisMachine();
const document = await readNode(host);
const log = pino({ base: null }, pino.destination(2));

let number = 1;
const generation = () => ({ number, digest: "0123456789ab" });
let agent = new Agent(document, host, log, {
  circumstances: { generation: generation(), unsettled: null, maintenance: false },
});
agent.start();

let work = Promise.resolve();
process.on("SIGUSR2", () => {
  work = work.then(async () => {
    number += 1;
    const next = agent.succeed(document, generation());
    // News that come while it gives way: it no longer sees its engines, and must not take that for their end.
    agent.setUnsettled(null);
    agent = await next;
  });
});

rmSync(socket, { force: true });
createServer((_, response) => response.end(JSON.stringify(agent.state()))).listen(socket);
