import type { CaptureProgram } from "./capture.js";

export interface TcpdumpOptions {
  /** pcap-filter(7). */
  readonly filter: string;
  /**
   * Each packet is handed over at once. Else the kernel does so once a second, all together, and tcpdump passes them on by
   * the page or when it is told to flush (SIGUSR2): that costs a thirtieth. Their time stamps are exact either way.
   */
  readonly prompt: boolean;
  /** Bytes kept of each packet. */
  readonly snap: number;
  /** KiB of the kernel's ring; tcpdump's own default is 2 MiB, which stay in memory. */
  readonly ring: number;
}

/** One tcpdump on all interfaces. A change of its user would undo that it ends with its parent (prctl(2)), and it only copies bytes. */
export const tcpdump = ({ filter, prompt, snap, ring }: TcpdumpOptions): CaptureProgram => ({
  argv: [
    ...["tcpdump", "-Z", "root", "-i", "any", "-y", "LINUX_SLL2", "-n", "-s", String(snap)],
    ...["-B", String(ring), "-w", "-"],
    ...(prompt ? ["--immediate-mode", "-U"] : []),
    filter,
  ],
  snap,
});
