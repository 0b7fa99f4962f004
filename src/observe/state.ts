/** What the engines of one node say of themselves. Nothing here comes from what holdfast believes. */
export type VrrpState = "master" | "backup" | "fault" | "init";

export interface InstanceState {
  /** The VRRP instance, named after its network. */
  readonly network: string;
  readonly state: VrrpState;
  readonly effectivePriority: number;
}

export interface ServerState {
  readonly service: string;
  readonly name: string;
  readonly up: boolean;
  /** HAProxy's word: UP, DOWN, MAINT, "no check", ... */
  readonly status: string;
  /** Current sessions (proxy services; a `nat` service's sessions are conntrack's). */
  readonly sessions: number;
  /** New sessions in the last second (proxy services); an older program does not say. */
  readonly rate?: number;
  /** Those of them that went past the multiplexer; absent where none stands in their path. */
  readonly past?: number;
  /** Its machine refused the last check: nothing listens there. */
  readonly refused: boolean;
}

export type ProcessState = "running" | "frozen" | "dead";

/** What the agent's `GET /v1/state` says that others rely on. */
export interface AgentState {
  readonly faults: readonly string[];
  readonly severity: number;
  /** One clause: why it asks keepalived to yield, or does not. */
  readonly why: string;
  readonly peers: readonly { readonly name: string; readonly ready: boolean }[];
}

export interface NodeState {
  readonly name: string;
  /** What the node is to its peers: `fault` when it asks to yield or keepalived is not fit, `down` when nothing answers. */
  readonly role: "active" | "standby" | "fault" | "maintenance" | "down";
  readonly keepalived: { readonly process: ProcessState; readonly instances: readonly InstanceState[] };
  /** Virtual addresses present on the node's interfaces. */
  readonly owned: readonly string[];
  readonly haproxy: { readonly process: ProcessState; readonly servers: readonly ServerState[] };
  /** Null where there are no sessions to keep; an older program does not say. */
  readonly conntrackd?: { readonly process: ProcessState } | null;
  /** Absent where no session passes through it. */
  readonly multiplexer?: { readonly process: ProcessState };
  /** Rendered rules that the kernel lacks, and rules in our chains that nobody rendered. */
  readonly rules: { readonly missing: readonly string[]; readonly unexpected: readonly string[] };
  /** Sentences: where files, kernel settings and routes differ from the node's own generation. */
  readonly drifts: readonly string[];
  /** The agent's word; null when it does not answer. */
  readonly agent: {
    readonly faults: readonly string[];
    readonly peersReady: readonly string[];
    /** Why it asks keepalived to yield, or does not. */
    readonly why: string;
  } | null;
  /** The track file asks keepalived to yield. */
  readonly yielding: boolean;
  /** The generation whose files stand on the node; null before the first apply. */
  readonly generation: { readonly number: number; readonly digest: string } | null;
  readonly healthy: boolean;
}
