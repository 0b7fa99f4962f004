import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Plan, planOf } from "../../src/lab/openflow-load/plan.js";

/** A controller on this machine's loopback address, and how to end it with all its connections. */
export async function listening(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async end() {
      cut();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

/** A plan for the controller on this port. */
export const plan = (port: number, ...argv: string[]): Plan => planOf(["127.0.0.1", String(port), ...argv]);
