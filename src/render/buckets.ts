import type { Family, Server, Service } from "../topology/cluster.js";
import { candidates } from "./candidates.js";

/**
 * A `nat` service with `balance: source` hashes each client into one of a fixed number of buckets; every bucket belongs
 * to one server. The owners depend on nothing but the service and the servers that are up, so all nodes agree on them.
 */

/**
 * The name of each bucket's owner; empty when no server is up. A server that dies hands over its own buckets and no
 * other moves; when it is back it gets exactly these back.
 */
export function buckets(service: Service, family: Family, up: ReadonlySet<string>): string[] {
  const owners = Array.from({ length: bucketCount }, () => "");
  const pool = candidates(service, family, up);
  if (pool.length === 0) return [];
  settle([...owners.keys()], pool.map(candidate(service)), up, owners);
  return owners;
}

interface Candidate {
  readonly name: string;
  readonly weight: number;
  readonly seed: number;
}

const candidate =
  (service: Service) =>
  ({ name, weight }: Server): Candidate => ({ name, weight, seed: hash(`${service.name}/${name}`) });

/**
 * Enough that the lightest of 256 weights still has one, few enough for the kernel to walk. The same for every pool: a
 * client's bucket is its hash scaled to their number, and with another number most clients would change server.
 */
const bucketCount = 256;

/** Shares the buckets out among all candidates as if all were up, then each dead one's share among the others. */
function settle(
  shared: readonly number[],
  candidates: readonly Candidate[],
  up: ReadonlySet<string>,
  owners: string[],
): void {
  const shares = share(shared, candidates);
  for (const [index, { name }] of candidates.entries()) {
    const own = shares[index] ?? [];
    if (up.has(name)) for (const bucket of own) owners[bucket] = name;
    else if (own.length > 0) settle(own, candidates.toSpliced(index, 1), up, owners);
  }
}

/**
 * Each candidate gets as many buckets as its weight is worth, and of all buckets those that it draws best in
 * (rendezvous hashing), so that most stay where they are when the pool changes.
 */
function share(shared: readonly number[], candidates: readonly Candidate[]): number[][] {
  const shares = candidates.map((): number[] => []);
  const room = quotas(shared, candidates);
  for (const bucket of shared) {
    let [chosen, best] = [-1, Number.NEGATIVE_INFINITY];
    for (const [index, candidate] of candidates.entries()) {
      const drawn = (room[index] ?? 0) > 0 ? weightedDraw(candidate, bucket) : Number.NEGATIVE_INFINITY;
      if (drawn > best) [chosen, best] = [index, drawn];
    }
    shares[chosen]?.push(bucket);
    room[chosen] = (room[chosen] ?? 0) - 1;
  }
  return shares;
}

/**
 * Largest remainder: nobody is a whole bucket away from its due. A draw breaks ties, so that what is left over of many
 * small shares does not always go to the first server.
 */
function quotas(shared: readonly number[], candidates: readonly Candidate[]): number[] {
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  const rooms = candidates.map(({ weight }) => Math.floor((shared.length * weight) / total));
  const remainder = ({ weight }: Candidate): number => (shared.length * weight) % total;
  const salt = shared[0] ?? 0;
  const order = [...candidates.entries()].sort(
    ([, a], [, b]) => remainder(b) - remainder(a) || draw(b, salt) - draw(a, salt),
  );
  const left = shared.length - rooms.reduce((sum, room) => sum + room, 0);
  for (const [index] of order.slice(0, left)) rooms[index] = (rooms[index] ?? 0) + 1;
  return rooms;
}

const draw = ({ seed }: Candidate, bucket: number): number => mix(seed ^ Math.imul(bucket + 1, 0x9e3779b1));

/** Weighted rendezvous hashing: ln(u) / weight, u even in (0, 1), is the largest in proportion to the weight. */
const weightedDraw = (candidate: Candidate, bucket: number): number =>
  Math.log((draw(candidate, bucket) + 0.5) / 2 ** 32) / candidate.weight;

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** MurmurHash3's finalizer: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
