import { type StreamNews, sizeOf, type ToldStream } from "./stream-book.js";

/** Bytes of JSON that go together: an agent takes bodies of 5 MiB, and does nothing else while it reads one. */
const most = 2 ** 20;

/** Bytes for the words around them: more than they take, so that a parcel holds no more of each than a request may (api/mirror.ts). */
const [perNews, perKey] = [256, 16];

/** Bytes that news take in JSON, at most. */
export const sizeOfNews = ({ told, gone }: StreamNews): number =>
  perNews +
  told.reduce((sum, stream) => sum + sizeOf(stream), 0) +
  gone.reduce((sum, key) => sum + perKey + key.length, 0);

/** News in their order, in parcels of a mebibyte at most; a stream that is larger has one of its own. At least one parcel. */
export function parcels<S extends ToldStream>(news: readonly StreamNews<S>[]): StreamNews<S>[][] {
  type Part = { readonly service: string; readonly told: S[]; readonly gone: string[] };
  const all: Part[][] = [[]];
  let room = most;
  for (const { service, told, gone } of news) {
    let part: Part | null = null;
    const partFor = (size: number): Part => {
      if (room < most && size + (part === null ? perNews : 0) > room) {
        all.push([]);
        [room, part] = [most, null];
      }
      if (part === null) {
        part = { service, told: [], gone: [] };
        all.at(-1)?.push(part);
        room -= perNews;
      }
      room -= size;
      return part;
    };
    for (const key of gone) partFor(perKey + key.length).gone.push(key);
    for (const stream of told) partFor(sizeOf(stream)).told.push(stream);
  }
  return all;
}
