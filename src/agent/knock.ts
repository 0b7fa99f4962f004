import { connect } from "node:net";
import type { Endpoint } from "./endpoints.js";

/** Milliseconds. */
const patience = 1_000;

/**
 * Whether HAProxy accepts at an endpoint on this node. The caller is the loopback address, which HAProxy is configured to
 * send away at once: so its answer proves more than the kernel's queue would, and no server is troubled.
 */
export function knock({ address, port, family }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const localAddress = family === 4 ? "127.0.0.1" : "::1";
    const socket = connect({ host: address, port, localAddress, family });
    let connected = false;
    const done = (answered: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(() => done(false), patience);
    socket.once("connect", () => {
      connected = true;
      socket.resume();
    });
    socket.once("data", () => done(true));
    socket.once("end", () => done(true));
    // A reset after the connection stood is HAProxy's way of sending somebody away. It may come before this process hears
    // of the connection; a reset of the question itself has another name (tcp_reset in Linux: ECONNREFUSED).
    socket.once("error", (error: NodeJS.ErrnoException) => done(connected || error.code === "ECONNRESET"));
  });
}
