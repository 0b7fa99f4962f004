import type { Socket } from "node:net";

export interface ConnectionBounds {
  readonly inAll: number;
  readonly perAddress: number;
}

/** Bounds the open connections, before any of them costs a handshake. Peers are never turned away: they coordinate. */
export class ConnectionLimit {
  private readonly open = new Map<string, number>();
  private inAll = 0;

  constructor(
    private readonly bounds: ConnectionBounds,
    private readonly isPeer: (address: string) => boolean,
  ) {}

  /** Whether the connection may stay; it is counted until it closes. */
  take(socket: Socket): boolean {
    const address = plainAddress(socket.remoteAddress);
    const count = this.open.get(address) ?? 0;
    if (!this.isPeer(address) && (this.inAll >= this.bounds.inAll || count >= this.bounds.perAddress))
      return false;
    this.open.set(address, count + 1);
    this.inAll += 1;
    socket.once("close", () => this.release(address));
    return true;
  }

  private release(address: string): void {
    this.inAll -= 1;
    const left = (this.open.get(address) ?? 1) - 1;
    if (left > 0) this.open.set(address, left);
    else this.open.delete(address);
  }
}

/** A socket on `::` writes IPv4 addresses as `::ffff:10.0.0.1` (RFC 4291, 2.5.5.2). */
export const plainAddress = (address: string | undefined): string =>
  (address ?? "unknown").replace(/^::ffff:(?=\d+\.)/, "");
