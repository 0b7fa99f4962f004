import type { Sandbox } from "./sandbox.js";

/** What the clients of a load saw. */
export interface LoadResult {
  readonly opened: number;
  /** Why connections failed, one word each. */
  readonly failed: readonly string[];
  /** Idle sessions that ended, or did not echo a byte at the end. */
  readonly dropped: number;
}

/** Echo servers, all in one process; each greets with its own address. Listens on return. */
export async function echoServers(
  machine: Sandbox,
  addresses: readonly string[],
  port: number,
): Promise<void> {
  const program = `
    for (const address of ${JSON.stringify(addresses)})
      require("node:net").createServer((socket) => {
        socket.on("error", () => {});
        socket.write(address + "\\n");
        socket.pipe(socket);
      }).listen({ port: ${port}, host: address, backlog: 1024 });
    setTimeout(() => require("node:fs").writeFileSync("/run/serving", ""), 300);`;
  machine.start(process.execPath, "-e", program);
  await appears(machine, "/run/serving");
}

/** Waits, 10 s at most, for a file. */
export async function appears(machine: Sandbox, path: string): Promise<void> {
  await machine.must("timeout", "10", "sh", "-c", `until [ -e ${path} ]; do sleep 0.05; done`);
}

/**
 * From now on new sessions at a steady pace from ever other addresses of 10.77.0.0/16, besides `idle` sessions that do
 * nothing. Begins when /run/ready is there, ends when somebody makes /run/stop.
 */
export async function underLoad(
  machine: Sandbox,
  { to, ports, perSecond, idle }: { to: string; ports: readonly number[]; perSecond: number; idle: number },
): Promise<LoadResult> {
  const program = `
    const { connect } = require("node:net");
    const { existsSync, writeFileSync } = require("node:fs");
    const ports = ${JSON.stringify(ports)};
    let [next, opened, pending] = [0, 0, 0];
    const failed = [];
    const open = (settled) => {
      const mine = next++;
      const localAddress = "10.77." + mine % 251 + "." + (1 + mine % 241);
      const socket = connect({ host: "${to}", port: ports[mine % ports.length], localAddress });
      socket.once("data", () => settled(null, socket));
      socket.once("error", ({ code }) => settled(code, socket));
      socket.once("end", () => settled("ended", socket));
      socket.setTimeout(5000, () => settled("silence", socket));
    };
    const held = new Set();
    for (let index = 0; index < ${idle}; index++)
      open((why, socket) => {
        if (why !== null) return held.delete(socket);
        held.add(socket);
        socket.setTimeout(0);
        socket.once("close", () => held.delete(socket));
        if (held.size === ${idle}) begin();
      });
    const begin = () => {
      writeFileSync("/run/ready", "");
      const begun = performance.now();
      let due = 0;
      const timer = setInterval(() => {
        if (existsSync("/run/stop")) return clearInterval(timer), setTimeout(finish, 1000);
        while (due < (performance.now() - begun) * ${perSecond} / 1000) {
          due++;
          let over = false;
          open((why, socket) => {
            if (over) return;
            over = true;
            opened++;
            if (why !== null) failed.push(why);
            socket.destroy();
          });
        }
      }, 5);
    };
    const finish = () => {
      const alive = [...held];
      let echoed = 0;
      for (const socket of alive) socket.once("data", () => echoed++).write("x");
      setTimeout(() => {
        process.stdout.write(JSON.stringify({ opened, failed, dropped: ${idle} - echoed }));
        process.exit(0);
      }, 1000);
    };`;
  const { exitCode, stdout, stderr } = await machine.run([process.execPath, "-e", program], {
    timeout: 300_000,
  });
  if (exitCode !== 0) throw new Error(`the load exited ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as LoadResult;
}

/** Which server answers each of many clients. */
export async function placement(
  machine: Sandbox,
  to: string,
  port: number,
  clients: number,
): Promise<string[]> {
  const program = `
    const { connect } = require("node:net");
    const ask = (index) => new Promise((resolve) => {
      const socket = connect({ host: "${to}", port: ${port}, localAddress: "10.77." + (index % 250) + "." + (1 + index % 199) });
      socket.once("data", (data) => { socket.destroy(); resolve(String(data).trim()); });
      socket.once("error", ({ code }) => resolve(code)).setTimeout(3000, () => resolve("silence"));
    });
    Promise.all(Array.from({ length: ${clients} }, (_, index) => ask(index)))
      .then((all) => { process.stdout.write(JSON.stringify(all)); process.exit(0); });`;
  return JSON.parse(await machine.must(process.execPath, "-e", program)) as string[];
}
