import { networkInterfaces } from "node:os";

/** Milliseconds for which a look counts while nothing speaks against it: the kernel is asked for every address it has. */
const goodFor = 1_000;

/** Every address on an interface that is up and has carrier: Node lists no other (getifaddrs(3), IFF_UP and IFF_RUNNING). */
export class PresentAddresses {
  private seen: ReadonlySet<string> = new Set();
  private at = Number.NEGATIVE_INFINITY;

  /** The next question is answered by a new look: a role or an address may just have changed. */
  forget(): void {
    this.at = Number.NEGATIVE_INFINITY;
  }

  now(now: number): ReadonlySet<string> {
    if (now - this.at >= goodFor) {
      this.at = now;
      this.seen = new Set(
        Object.values(networkInterfaces()).flatMap((addresses) =>
          (addresses ?? []).map(({ address }) => address),
        ),
      );
    }
    return this.seen;
  }
}
