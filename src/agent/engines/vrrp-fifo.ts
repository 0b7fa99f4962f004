import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { Socket } from "node:net";

/** One line of keepalived's notify FIFO, for instance `INSTANCE "switches" MASTER 254` (keepalived.conf(5), vrrp_notify_fifo). */
export interface VrrpEvent {
  readonly network: string;
  readonly state: "master" | "backup" | "fault" | "stop";
}

export function parseVrrpEvent(line: string): VrrpEvent | null {
  const match = /^INSTANCE "([a-z0-9-]+)" (MASTER|BACKUP|FAULT|STOP)\b/.exec(line);
  const [, network, state] = match ?? [];
  if (network === undefined) return null;
  if (state === "MASTER") return { network, state: "master" };
  if (state === "BACKUP") return { network, state: "backup" };
  return { network, state: state === "FAULT" ? "fault" : "stop" };
}

/**
 * The reading end of the FIFO. Only keepalived's VRRP process writes to it, so that its end means that this process
 * ended, or that it reloads: it then closes the FIFO and makes it anew.
 */
export class VrrpFifo {
  private reader: { readonly socket: Socket; readonly inode: number } | null = null;

  constructor(
    private readonly path: string,
    private readonly on: { event(event: VrrpEvent): void; end(): void },
  ) {}

  /** Opens the FIFO if it is there and not open yet, again if it was replaced. Cheap: to be called regularly. */
  ensure(): void {
    const inode = inodeOf(this.path);
    if (this.reader !== null && inode !== this.reader.inode) this.close();
    if (this.reader === null && inode !== null) this.open();
  }

  close(): void {
    this.reader?.socket.destroy();
    this.reader = null;
  }

  private open(): void {
    // Non-blocking: without it open(2) would wait for a writer (fifo(7)).
    const descriptor = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFIFO()) {
      closeSync(descriptor);
      return;
    }
    const socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.reader = { socket, inode: status.ino };
    let rest = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = parseVrrpEvent(line);
        if (event !== null) this.on.event(event);
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (this.reader?.socket !== socket) return;
      this.reader = null;
      this.on.end();
    });
  }
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
