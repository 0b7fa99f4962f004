import type { ServerState } from "../../observe/state.js";

/** What HAProxy's words so far tell of a server. Times are milliseconds of any steady clock. */
export interface Life {
  /**
   * `up` and `down` are those that HAProxy has no doubt about: not "UP 1/3", on its way down, nor "DOWN 1/2", on its way
   * up, nor one that somebody drains.
   */
  readonly state: "up" | "down" | "unsure";
  /** It is in that state since then, as far as is known. */
  readonly since: number;
  /** Its last check was refused: its machine answers, and nothing listens there. */
  readonly refused: boolean;
}

/** By `SERVICE/SERVER`. */
export type Lives = ReadonlyMap<string, Life>;

export const placeOf = (service: string, server: string): string => `${service}/${server}`;

/** The lives as they are after one more of HAProxy's words on all its servers. */
export function lived(before: Lives, servers: readonly ServerState[], now: number): Lives {
  return new Map(
    servers.map((server): [string, Life] => {
      const place = placeOf(server.service, server.name);
      const [last, state] = [before.get(place), stateOf(server)];
      const since = last?.state === state ? last.since : now;
      return [place, { state, since, refused: server.refused }];
    }),
  );
}

const stateOf = ({ status }: ServerState): Life["state"] =>
  status === "UP" ? "up" : status === "DOWN" ? "down" : "unsure";
