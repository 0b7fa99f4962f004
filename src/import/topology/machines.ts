import type { Ip } from "../../topology/address.js";
import type { Place, Tell } from "../finding.js";
import type { Instance, KeepalivedFile, OwnAddress } from "../keepalived/keepalived.js";
import { distinctNames } from "../names.js";

/** What is known of one machine. */
export interface GivenMachine {
  /** Null for a node that only the others know of. */
  readonly keepalived: KeepalivedFile | null;
  /** From `ip -o address` of that machine. */
  readonly addresses: readonly OwnAddress[];
}

/** One node of the pair. */
export interface Machine {
  readonly name: string;
  /** A file has the name; else it is made up. */
  readonly isNamed: boolean;
  readonly keepalived: KeepalivedFile | null;
  readonly own: readonly OwnAddress[];
  /** Addresses from which it sends adverts, in whatever network. */
  readonly speaks: readonly Ip[];
}

/** As many as a topology takes. */
const mostNodes = 5;

/** The nodes, preferred first. `primary` is one whose file was given: what concerns all nodes is taken from it. */
export function machinesOf(given: readonly GivenMachine[], tell: Tell): Machine[] {
  const sorted = [...given].sort((a, b) => preference(b) - preference(a));
  const peers = Math.max(
    ...sorted.flatMap(({ keepalived }) => keepalived?.instances ?? []).map((each) => each.peers.length),
  );
  const wanted = Math.min(mostNodes, Math.max(2, sorted.length, 1 + peers));
  const unknown = Array.from({ length: wanted - sorted.length }, () => ({ keepalived: null, addresses: [] }));
  const all = isSecond(sorted) ? [...unknown, ...sorted] : [...sorted, ...unknown];
  const speaks = spokenAddresses(all);
  const called = distinctNames();
  const owns = ownAlone(all, tell);
  const ids = all.map(({ keepalived }) => keepalived?.routerId ?? "");
  return all.map(({ keepalived }, index) => {
    const id = ids[index] ?? "";
    const plain = `lb-${String.fromCharCode("a".charCodeAt(0) + index)}`;
    // A router_id that all machines share is the name of none of them.
    const isOwn = id !== "" && ids.filter((each) => each === id).length === 1 && !/devel$/i.test(id);
    const name = called(isOwn ? id : plain, plain);
    const place = placeOf(all);
    if (!isOwn && place !== null)
      tell(
        place,
        "look",
        `the name of node ${name}`,
        "no file names it by a router_id of its own",
        "give it the machine's name; its certificate bears it",
      );
    return {
      name,
      isNamed: isOwn,
      keepalived,
      own: owns[index] ?? [],
      speaks: speaks[index] ?? [],
    };
  });
}

/** Each machine's addresses without those that another one has too: a bridge of containers looks alike everywhere. */
function ownAlone(machines: readonly GivenMachine[], tell: Tell): OwnAddress[][] {
  const all = machines.map(({ keepalived, addresses }) => [
    ...(keepalived?.ownAddresses ?? []),
    ...addresses,
  ]);
  const virtual = new Set(
    machines.flatMap(({ keepalived }) =>
      (keepalived?.instances ?? []).flatMap(({ virtualIps }) => virtualIps.map(({ ip }) => ip.text)),
    ),
  );
  return all.map((own, index) =>
    own.filter((each) => {
      const isShared = all.some(
        (others, at) => at !== index && others.some(({ ip }) => ip.text === each.ip.text),
      );
      if (isShared && !virtual.has(each.ip.text))
        tell(
          each,
          "lost",
          `${each.ip.text} on ${each.device}`,
          "another node has the same address: it is no node's own, and makes no network of the pair",
          "if the nodes reach each other there, give each an address of its own",
        );
      return !isShared;
    }),
  );
}

const placeOf = (machines: readonly GivenMachine[]): Place | null => {
  const file = machines.find(({ keepalived }) => keepalived !== null)?.keepalived?.file;
  return file === undefined ? null : { file, line: 1 };
};

/** Whether the only file that was given says of its machine that it comes after the other. */
function isSecond(given: readonly GivenMachine[]): boolean {
  const [first] = given[0]?.keepalived?.instances ?? [];
  return given.length === 1 && first !== undefined && !first.isMaster && first.preempt;
}

/** MASTER before BACKUP, then by priority; of equals the one that was given first. A file's place is before none. */
function preference({ keepalived }: GivenMachine): number {
  const [first] = keepalived?.instances ?? [];
  if (first === undefined) return -1;
  return rank(first);
}

export const rank = ({ isMaster, priority }: Instance): number => (isMaster ? 1000 : 0) + priority;

/** Who speaks from where: what each file says of its own machine, and what the others call their peers. */
function spokenAddresses(machines: readonly GivenMachine[]): Ip[][] {
  const instances = machines.map(({ keepalived }) => keepalived?.instances ?? []);
  const spoken: Ip[][] = instances.map((own) => own.flatMap(({ source }) => source ?? []));
  for (const [speaker, own] of instances.entries())
    for (const instance of own) {
      const strangers = instance.peers.filter(
        (peer) => !spoken.flat().some(({ text }) => text === peer.text),
      );
      for (const [index, addresses] of spoken.entries()) {
        if (index === speaker || knowsItself(instances[index] ?? [], instance)) continue;
        addresses.push(...strangers.splice(0, 1));
      }
    }
  return spoken;
}

const knowsItself = (own: readonly Instance[], like: Instance): boolean =>
  own.some((each) => isSame(each, like) && each.source !== null);

/** Whether two machines mean the same instance: by its number on the wire, else by its name. */
export const isSame = (a: Instance, b: Instance): boolean =>
  a.virtualRouterId !== null && b.virtualRouterId !== null
    ? a.virtualRouterId === b.virtualRouterId && (a.name === b.name || a.device === b.device)
    : a.name === b.name;
