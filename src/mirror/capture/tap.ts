import { Capture } from "../../capture/capture.js";
import { type Endpoint, mirrorFilter } from "./filter.js";
import { type TcpPacket, tcpPacketIn } from "./tcp-packet.js";

export interface TapListener {
  packet(packet: TcpPacket): void;
  /** All that came together has been told. */
  done(): void;
}

/** A segment that the kernel put together has up to 64 KiB, and a header; KiB of the ring: 16 MiB are a second at 100,000 messages a second. */
const kept = { snap: 65_535 + 256, ring: 16_384 };
/** Milliseconds until a capture that ended is started again. */
const again = 1_000;

/** Whatever switches send to these endpoints, as it arrives here. */
export class Tap {
  #capture: Capture | null = null;
  #timer: NodeJS.Timeout | null = null;
  #trouble: string | null = "it has just started";
  #stopped = false;

  constructor(
    private readonly endpoints: readonly Endpoint[],
    private readonly listener: TapListener,
  ) {
    this.#start();
  }

  /** Why nothing is captured; null while all is well. */
  get trouble(): string | null {
    return this.#trouble;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#capture?.stop();
  }

  #start(): void {
    if (this.#stopped) return;
    this.#capture = new Capture(
      { filter: mirrorFilter(this.endpoints), prompt: true, ...kept },
      {
        packets: (packets) => {
          for (const { bytes } of packets) {
            const packet = tcpPacketIn(bytes);
            if (packet !== null) this.listener.packet(packet);
          }
          this.listener.done();
        },
        ready: () => {
          this.#trouble = null;
        },
        ended: (why) => {
          this.#trouble = why;
          this.#timer = setTimeout(() => this.#start(), again);
        },
      },
    );
  }
}
