import type { MirrorStatus } from "../src/fleet/mirror-status.js";
import type { Bar } from "./bench.js";
import { type Account, kinds, questions } from "./questions.js";

/** What everybody said in the time that counts. */
export interface Seen {
  readonly minutes: number;
  readonly datapaths: readonly string[];
  /** Of each switch's own log: how often it had a controller in all, and each later word on its connection. */
  readonly switches: readonly { readonly connections: number; readonly words: readonly string[] }[];
  /** Lines of the pool's witnesses, before the time and in it, and what its controllers complained of. */
  readonly pool: Record<"before" | "lines" | "complaints", readonly string[]>;
  /** Lines of the master controller's from its start, and which of them count. */
  readonly master: { readonly lines: readonly string[]; readonly from: number; readonly to: number };
  /** Switches in which the master controller's flow was at the end. */
  readonly holders: readonly string[];
  readonly pings: { readonly sent: number; readonly answered: number; readonly learned: number };
  /** Of the service, at the end. */
  readonly mirror: MirrorStatus | undefined;
}

/** Rounds of questions that a busy machine lets the master controller have of the 60 in a minute. */
const leastRounds = 30;

export function rows(seen: Seen): Bar[] {
  const { minutes, datapaths, switches, pool, master, holders, pings, mirror } = seen;
  const none = (name: string, figure: number, detail: string): Bar => ({
    ...{ name, figure, unit: "times", atMost: 0, detail },
  });
  const { of, strays } = questions(master.lines, master);
  const absent = datapaths.filter((datapath) => !pool.before.includes(`came ${datapath}`));
  const gone = (lines: readonly string[]) => lines.filter((line) => line.startsWith("gone "));
  const inTime = `in ${minutes} minutes`;
  const words = switches.flatMap((each) => each.words);
  const [poolGone, masterGone] = [gone(pool.lines), gone(master.lines.slice(master.from, master.to))];
  const unasked = [...pool.lines.filter((line) => line.startsWith("unasked ")), ...pool.complaints];
  const rounds = datapaths.map((datapath) => of(datapath, "barrier").asked);
  const lacking = datapaths.filter((datapath) => !holders.includes(datapath));
  const whole = mirror?.connected === datapaths.length && mirror.switches === datapaths.length;
  const told = (count: number | undefined) => (whole ? (count ?? Number.NaN) : Number.NaN);
  return [
    none(
      "words of the switches' on connections that ended or came anew",
      words.length + switches.filter(({ connections }) => connections !== 1).length,
      list([`connections: ${switches.map(({ connections }) => connections).join(", ")}`, ...words]),
    ),
    none(
      "sessions at the pool's os-ken that ended, or never were",
      poolGone.length + absent.length,
      list([inTime, ...absent, ...poolGone]),
    ),
    none("sessions at the master's os-ken that ended", masterGone.length, list([inTime, ...masterGone])),
    {
      ...{ name: "rounds of questions to a switch, the fewer", figure: Math.min(...rounds), unit: "times" },
      ...{ atMost: null, atLeast: minutes * leastRounds, detail: rounds.join(" and ") },
    },
    ...kinds.map((kind) =>
      all(
        names[kind],
        datapaths.map((datapath) => of(datapath, kind)),
      ),
    ),
    none("answers to the master that it never asked for", strays.length, list([inTime, ...strays])),
    none(
      "switches without the master's flow at the end",
      lacking.length,
      list([`of ${datapaths.length}`, ...lacking]),
    ),
    none(
      "errors and answers to the pool that it never asked for",
      unasked.length,
      list([inTime, ...unasked]),
    ),
    all("marked pings that were answered", [{ asked: pings.sent, answered: pings.answered }]),
    all("marked pings for which the pool put flows in both switches", [
      { asked: pings.sent, answered: pings.learned },
    ]),
    none(
      "answers of the switches that matched nobody's question",
      told(mirror?.unmatched),
      `mirror.unmatched, ${inTime}`,
    ),
    none("questions of the master's that were shed", told(mirror?.shed), `mirror.shed, ${inTime}`),
  ];
}

const names = {
  ports: "questions for port statistics that were answered",
  flows: "questions for flow statistics that were answered",
  barrier: "barriers that were answered",
  error: "mistakes of the master's whose error came to it",
};

/** The worst of the accounts has to be whole. Nothing asked is nothing answered. */
function all(name: string, accounts: readonly Account[]): Bar {
  const share = ({ asked, answered }: Account) => (asked === 0 ? 0 : (100 * answered) / asked);
  return {
    ...{ name, figure: Math.min(...accounts.map(share)), unit: "%", atMost: null, atLeast: 100 },
    detail: accounts.map(({ asked, answered }) => `${answered} of ${asked}`).join(" and "),
  };
}

/** Enough of it to know what it is. */
const list = (words: readonly string[]): string =>
  [...words.slice(0, 4), ...(words.length > 4 ? [`${words.length - 4} more`] : [])].join("; ");
