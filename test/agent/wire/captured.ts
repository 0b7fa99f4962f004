import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sightingOf } from "../../../src/agent/wire/frame.js";
import type { Sighting } from "../../../src/agent/wire/sighting.js";
import { PcapReader } from "../../../src/capture/pcap.js";

/** Recorded by tcpdump 4.99.3 on the standby of two keepalived 2.2.7 at 20 ms adverts. */
export type Capture = "take" | "goodbye" | "six";

export const captured = (name: Capture): Buffer =>
  readFileSync(join(import.meta.dirname, "captured", `${name}.pcap`));

export const sightings = (name: Capture): Sighting[] =>
  new PcapReader(128).read(captured(name)).flatMap((packet) => sightingOf(packet) ?? []);
