import { setTimeout } from "node:timers/promises";
import type { Sandbox } from "./sandbox.js";

/** Answers each connection with its own address and the client's, then keeps it open and echoes. Listens on return. */
export async function answer(machine: Sandbox, address: string, port: number): Promise<void> {
  const program = `
    require("node:net").createServer((socket) => {
      socket.on("error", () => {});
      socket.write(socket.localAddress + " " + socket.remoteAddress + "\\n");
      socket.pipe(socket);
    }).listen(${port}, "${address}")`;
  machine.start(process.execPath, "-e", program);
  await listening(machine, port, address);
}

/** Waits, 5 s at most, until something listens there. */
export async function listening(machine: Sandbox, port: number, address = ""): Promise<void> {
  const shown = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const deadline = Date.now() + 5_000;
  while (!(await machine.must("ss", "-Hltn")).includes(`${shown} `)) {
    if (Date.now() > deadline) throw new Error(`nothing listens on ${shown}`);
    await setTimeout(50);
  }
}

/** Connects from an address and says what came back first, or the error's code: `10.0.2.11 10.0.1.1`, `ECONNREFUSED`. */
export async function ask(machine: Sandbox, from: string, to: string, port: number): Promise<string> {
  const program = `
    const socket = require("node:net").connect({ localAddress: "${from}", host: "${to}", port: ${port} });
    const end = (text) => { process.stdout.write(text); process.exit(0); };
    socket.on("data", (data) => end(String(data))).on("error", ({ code }) => end(code)).setTimeout(2000, () => end("silence"));`;
  return (await machine.must(process.execPath, "-e", program)).trim();
}

/**
 * Opens a session, and says how it ends: after the first answer the file `go` is waited for, then a byte is sent.
 * The exit of the returned run prints `echoed`, an error's code, or `silence`.
 */
export async function session(machine: Sandbox, to: string, port: number, go: string): Promise<string> {
  const program = `
    const { existsSync } = require("node:fs");
    const socket = require("node:net").connect({ host: "${to}", port: ${port} });
    const end = (text) => { process.stdout.write(text); process.exit(0); };
    socket.on("error", ({ code }) => end(code)).setTimeout(4000, () => end("silence"));
    socket.once("data", () => {
      const timer = setInterval(() => {
        if (!existsSync("${go}")) return;
        clearInterval(timer);
        socket.on("data", () => end("echoed"));
        socket.write("x");
      }, 20);
    });`;
  return (await machine.must(process.execPath, "-e", program)).trim();
}
