import type { Bar } from "./topology-plan.js";

/** What is struck in it, and who held the virtual IPs. */
export interface Marks {
  readonly struck: readonly Struck[];
  readonly active: string | null;
}

/** A machine, its link to a network, or a network. */
export interface Struck {
  readonly machine: string | null;
  readonly network: string | null;
}

export const unmarked: Marks = { struck: [], active: null };

/** Whether this very thing is struck. @param network null for the whole machine */
export const isStruck = ({ struck }: Marks, machine: string, network: string | null = null): boolean =>
  struck.some((each) => each.machine === machine && each.network === network);

/** How large everything is: with every address for the head of the paper, with names alone beside a drill. */
export interface Measures {
  readonly small: boolean;
  readonly label: number;
  readonly node: { readonly width: number; readonly height: number; readonly gap: number };
  readonly server: { readonly width: number; readonly height: number; readonly gap: number };
  /** Between a bar and what hangs from it, or stands on it. */
  readonly stem: number;
  readonly pill: number;
  /** Of one network, that have a place each. */
  readonly servers: number;
}

export const large: Measures = {
  small: false,
  label: 180,
  node: { width: 132, height: 54, gap: 34 },
  server: { width: 112, height: 40, gap: 12 },
  stem: 30,
  pill: 30,
  servers: 8,
};

export const small: Measures = {
  small: true,
  label: 92,
  node: { width: 84, height: 36, gap: 18 },
  server: { width: 44, height: 26, gap: 7 },
  stem: 24,
  pill: 0,
  servers: 4,
};

/** A bar with where it is drawn. */
export interface Row {
  readonly bar: Bar;
  readonly y: number;
}
