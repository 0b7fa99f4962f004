import type { Ip } from "../../topology/address.js";
import type { Place } from "../finding.js";

/** Where a frontend listens; null is every address of a family. */
export interface Bind extends Place {
  readonly address: Ip | null;
  readonly families: readonly (4 | 6)[];
  readonly port: number;
}

export interface WrittenServer extends Place {
  readonly name: string;
  readonly ip: Ip;
  /** Null is the port that the client asked for, moved by `portOffset`. */
  readonly port: number | null;
  readonly portOffset: number;
  readonly weight: number;
  readonly backup: boolean;
}

/** Null is what HAProxy's file leaves open. */
export interface WrittenCheck {
  readonly type: "openflow" | "tcp" | "tls" | "http";
  /** Milliseconds. */
  readonly interval: number;
  readonly timeout: number | null;
  readonly rise: number;
  readonly fall: number;
  readonly openflowVersions: readonly string[] | null;
  readonly path: string | null;
  readonly expect: number | null;
}

/** A pool of servers. */
export interface Pool extends Place {
  readonly name: string;
  readonly balance: "source" | "leastconn" | "roundrobin";
  readonly transparent: boolean;
  readonly check: WrittenCheck;
  readonly servers: readonly WrittenServer[];
  /** Whether HTTP was looked into, although nothing in it chose the server. */
  readonly spokeHttp: boolean;
  /** What a human has to look at. */
  readonly remarks: readonly string[];
}

/** Something that listens, and the pool behind it. */
export interface Entry extends Place {
  readonly name: string;
  readonly binds: readonly Bind[];
  readonly pool: Pool;
  readonly spokeHttp: boolean;
}

export interface HaproxyFile {
  readonly file: string;
  readonly entries: readonly Entry[];
  /** Pools behind no frontend: HAProxy only checks their servers. */
  readonly pools: readonly Pool[];
}
