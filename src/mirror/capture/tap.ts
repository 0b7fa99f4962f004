import { Capture } from "../../capture/capture.js";
import { copiedPackets } from "../../capture/copied-packets.js";
import { type Endpoint, mirrorFilter } from "./filter.js";
import { type TcpPacket, tcpPacketIn } from "./tcp-packet.js";

export interface TapListener {
  packet(packet: TcpPacket): void;
  /** All that came together has been told. */
  done(): void;
}

/** KiB: a quarter of a second of small packets, at 100,000 a second. */
const buffer = 16_384;
/** Milliseconds until a capture that ended is started again. */
const again = 1_000;

/** Whatever switches send to these endpoints, as it arrives here. */
export class Tap {
  #capture: Capture | null = null;
  #timer: NodeJS.Timeout | null = null;
  #trouble: string | null = "the capture has not begun yet";
  #stopped = false;

  constructor(
    private readonly endpoints: readonly Endpoint[],
    private readonly listener: TapListener,
  ) {
    void this.#start();
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

  async #start(): Promise<void> {
    const families = [...new Set(this.endpoints.map(({ family }) => family))];
    try {
      const program = await copiedPackets(mirrorFilter(this.endpoints), families, buffer);
      if (!this.#stopped) this.#capture = new Capture(program, this.#heard);
    } catch (error) {
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }

  readonly #heard = {
    packets: (packets: readonly { readonly bytes: Buffer }[]) => {
      for (const { bytes } of packets) {
        const packet = tcpPacketIn(bytes);
        if (packet !== null) this.listener.packet(packet);
      }
      this.listener.done();
    },
    ready: () => {
      this.#trouble = null;
    },
    ended: (why: string) => this.#failed(why),
  };

  #failed(why: string): void {
    this.#trouble = why;
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#start(), again);
  }
}
