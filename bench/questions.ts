/** Of one kind: how many a master controller asked, and how many of those were answered. */
export interface Account {
  readonly asked: number;
  readonly answered: number;
}

/** What is asked again and again; an `error` answers what the switch can only refuse. */
export const kinds = ["ports", "flows", "barrier", "error"] as const;
type Kind = (typeof kinds)[number];

/**
 * What came of every question, from the lines of `lab/asking_controller.py`.
 *
 * @param span the lines whose questions count; one may be answered by any line behind it
 * @returns the account of a datapath's questions of a kind, and the answers to nothing that was asked and is open
 */
export function questions(lines: readonly string[], span: { readonly from: number; readonly to: number }) {
  const open = new Map<string, { readonly counts: boolean }>();
  const accounts = new Map<string, { asked: number; answered: number }>();
  const strays: string[] = [];
  const account = (of: string) => {
    const known = accounts.get(of) ?? { asked: 0, answered: 0 };
    accounts.set(of, known);
    return known;
  };
  for (const [index, line] of lines.entries()) {
    const [word = "", datapath = "", xid = "", kind = ""] = line.split(" ");
    if (word === "asked") {
      const counts = index >= span.from && index < span.to;
      open.set(`${kind} ${datapath} ${xid}`, { counts });
      if (counts) account(`${kind} ${datapath}`).asked += 1;
    } else if (kinds.some((each) => each === word)) {
      const question = open.get(`${word} ${datapath} ${xid}`);
      if (question?.counts) account(`${word} ${datapath}`).answered += 1;
      if (!open.delete(`${word} ${datapath} ${xid}`)) strays.push(line);
    }
  }
  return { of: (datapath: string, kind: Kind): Account => account(`${kind} ${datapath}`), strays };
}
