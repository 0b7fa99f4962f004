/** Pixels. Everything has its middle at `x`, and its upper edge at `y`. */
export interface Box {
  readonly key: string;
  readonly kind: "node" | "server" | "around" | "mirror";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Empty where there is no room. */
  readonly name: string;
  /** A word below the name. */
  readonly detail: string;
  /** All there is to say of it. */
  readonly title: string;
  readonly health: "good" | "warning" | "bad" | "unknown";
}

/** A network. */
export interface Bar {
  readonly name: string;
  readonly detail: string;
  readonly y: number;
}

/** A link; `live` where the node at its end holds the virtual IPs of that network. */
export interface Stem {
  readonly key: string;
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
}

/** A virtual IP where it is; there are several where several nodes say that they have it. */
export interface Pill {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
  readonly address: string;
  readonly state: "owned" | "contested" | "lost";
}

export interface Label {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly bars: readonly Bar[];
  readonly stems: readonly Stem[];
  readonly pills: readonly Pill[];
  readonly labels: readonly Label[];
}

export const measures = { gap: 10, node: 46, around: 32, pill: 22, bar: 30, words: 20 } as const;
