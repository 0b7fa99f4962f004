import type { Socket } from "node:net";

export interface ConnectionBounds {
  readonly inAll: number;
  readonly perAddress: number;
  /** Of those of one address, the ones that nobody vouched for. */
  readonly strangers: number;
}

/** What of a socket tells it apart, over TLS as below it. */
type Remote = Pick<Socket, "remoteAddress" | "remotePort">;

interface Stranger {
  readonly address: string;
  leave(): void;
}

/**
 * Bounds the open connections, before any of them costs a handshake. Peers are never turned away: they coordinate. Where
 * no more fit, the oldest that nobody vouched for makes room: whoever fills all places without a certificate keeps out
 * nobody who has one.
 */
export class ConnectionLimit {
  private readonly open = new Map<string, number>();
  private inAll = 0;
  /** By their ends, oldest first. */
  private readonly strangers = new Map<string, Stranger>();

  constructor(
    private readonly bounds: ConnectionBounds,
    private readonly isPeer: (address: string) => boolean,
  ) {}

  /** Whether the connection may stay; it is counted until it closes. */
  take(socket: Socket): boolean {
    const address = plainAddress(socket.remoteAddress);
    const count = this.open.get(address) ?? 0;
    const isPeer = this.isPeer(address);
    if (!isPeer && (count >= this.bounds.perAddress || this.strangersOf(address) >= this.bounds.strangers))
      return false;
    if (!isPeer && this.inAll >= this.bounds.inAll && !this.makeRoom()) return false;
    this.open.set(address, count + 1);
    this.inAll += 1;
    const end = endOf(socket);
    let counted = true;
    const release = (): void => {
      if (counted) this.forget(address);
      counted = false;
      this.strangers.delete(end);
    };
    const leave = (): void => {
      release();
      socket.destroy();
    };
    if (!isPeer) this.strangers.set(end, { address, leave });
    socket.once("close", release);
    return true;
  }

  /** Its holder has shown a certificate of the cluster's authority, or the cookie of a session: it makes room for nobody. */
  vouch(socket: Remote): void {
    this.strangers.delete(endOf(socket));
  }

  /** There are never more than all bounds allow, so that counting costs less than keeping count. */
  private strangersOf(address: string): number {
    let count = 0;
    for (const stranger of this.strangers.values()) if (stranger.address === address) count += 1;
    return count;
  }

  private makeRoom(): boolean {
    for (const { leave } of this.strangers.values()) {
      leave();
      return true;
    }
    return false;
  }

  private forget(address: string): void {
    this.inAll -= 1;
    const left = (this.open.get(address) ?? 1) - 1;
    if (left > 0) this.open.set(address, left);
    else this.open.delete(address);
  }
}

const endOf = ({ remoteAddress, remotePort }: Remote): string => `${remoteAddress} ${remotePort}`;

/** A socket on `::` writes IPv4 addresses as `::ffff:10.0.0.1` (RFC 4291, 2.5.5.2). */
export const plainAddress = (address: string | undefined): string =>
  (address ?? "unknown").replace(/^::ffff:(?=\d+\.)/, "");
