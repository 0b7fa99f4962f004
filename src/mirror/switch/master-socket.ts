import { connect, type Socket } from "node:net";
import type { MasterPlace } from "./master-place.js";
import { PacedReading } from "./paced-reading.js";

export interface MasterSocket {
  readonly socket: Socket;
  readonly reading: PacedReading;
}

export interface MasterSocketEvents {
  connected(): void;
  /** Whether it may be heard now; what it says is not read meanwhile. */
  mayHear(): boolean;
  heard(bytes: Buffer): void;
  drained(): void;
  /** @param why in its words or the system's; it may be said again */
  ended(why: string): void;
}

/** A connection to the master controller. @param silence milliseconds until one that vanished is looked for */
export function masterSocket(
  { address: host, port }: MasterPlace,
  silence: number,
  events: MasterSocketEvents,
): MasterSocket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: silence });
  socket.on("connect", () => events.connected());
  const reading = new PacedReading(
    socket,
    (bytes) => events.heard(bytes),
    () => events.mayHear(),
  );
  socket.on("drain", () => events.drained());
  socket.on("error", (error) => events.ended(error.message));
  socket.on("close", () => events.ended("it ended the connection"));
  return { socket, reading };
}

/** What it was told still leaves; an end that does not read is not waited for. @param patience in milliseconds */
export function endWithin(socket: Socket | null, patience: number): void {
  socket?.end();
  setTimeout(() => socket?.destroy(), patience).unref();
}
