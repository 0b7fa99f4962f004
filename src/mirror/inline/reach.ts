import { connect, type Socket } from "node:net";

/** A controller of the service's pool. */
export interface PoolServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface Reached {
  readonly socket: Socket;
  readonly server: PoolServer;
}

/** Milliseconds that a connection may take. */
const patience = 2_000;

/** The first of these that takes a connection, one after the other. @returns null where none does, or nobody waits for it any more */
export async function reach(
  servers: readonly PoolServer[],
  isAwaited: () => boolean,
): Promise<Reached | null> {
  for (const server of servers) {
    if (!isAwaited()) return null;
    const socket = await connected(server);
    if (socket !== null) return { socket, server };
  }
  return null;
}

function connected({ address: host, port }: PoolServer): Promise<Socket | null> {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), patience);
    const settled = (found: Socket | null) => (): void => {
      clearTimeout(timer);
      resolve(found);
    };
    socket.once("connect", settled(socket));
    socket.on("error", settled(null));
    socket.once("close", settled(null));
  });
}
