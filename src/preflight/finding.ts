/** `unknown`: it could not be told, and the text says why. */
export const statuses = ["ok", "unknown", "warning", "error"] as const;
export type Status = (typeof statuses)[number];

/** What is looked at, in the order of the table. */
export const checks = [
  "agents",
  "engines",
  "kernel",
  "devices",
  "managers",
  "rule-writers",
  "ports",
  "clock",
  "path",
  "addresses",
  "protocol-112",
  "virtual-routers",
  "neighbours",
] as const;
export type Check = (typeof checks)[number];

/** One thing that was looked at on one node. */
export interface Finding {
  readonly check: Check;
  readonly status: Status;
  /** Where: a device, a network, a file, another machine. */
  readonly place: string;
  /** A sentence. */
  readonly text: string;
  /** What to do about it; null where nothing is to be done. */
  readonly cure: string | null;
}

/** The four words of one check. */
export const findingsOf = (check: Check) => ({
  ok: (place: string, text: string): Finding => ({ check, status: "ok", place, text, cure: null }),
  unknown: (place: string, text: string, cure: string | null = null): Finding => ({
    ...{ check, status: "unknown", place, text, cure },
  }),
  warning: (place: string, text: string, cure: string): Finding => ({
    ...{ check, status: "warning", place, text, cure },
  }),
  error: (place: string, text: string, cure: string): Finding => ({
    ...{ check, status: "error", place, text, cure },
  }),
});

/** The gravest; null of nothing. */
export const worstOf = (found: readonly { readonly status: Status }[]): Status | null =>
  found.reduce<Status | null>(
    (worst, { status }) =>
      worst === null || statuses.indexOf(status) > statuses.indexOf(worst) ? status : worst,
    null,
  );
