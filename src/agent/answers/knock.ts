import { connect } from "node:net";
import type { Endpoint } from "./endpoints.js";

/** Milliseconds. */
const patience = 1_000;

/**
 * Whether an endpoint of another node is reached over the network: a handshake, and nothing more. HAProxy sends the
 * nodes' own addresses away at once, so that no server is troubled and no session counted.
 *
 * @param from this node's own address on that network
 */
export function reach({ address, port, family }: Endpoint, from: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, localAddress: from, family });
    const done = (reached: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => done(false), patience);
    socket.once("connect", () => done(true));
    // Who is sent away before this process hears of the connection was let in.
    socket.once("error", (error: NodeJS.ErrnoException) => done(error.code === "ECONNRESET"));
  });
}

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
