import type { Event } from "../../api/event.js";
import type { AgentClient } from "../../fleet/client.js";

/** Milliseconds that another machine is given to say what happened there. */
const patience = 2_000;

/** Events of one machine at a time. */
const most = 200;

/** Whom to ask, by its name. */
export interface Other {
  readonly node: string;
  readonly client: AgentClient;
}

/** The newest events of each machine, and who did not answer. */
export async function newestEvents(
  others: readonly Other[],
  limit: number,
): Promise<{ readonly events: readonly Event[]; readonly silent: readonly string[] }> {
  const answers = await Promise.all(
    others.map(async ({ node, client }) => ({ node, events: await eventsOf(client, { last: true, limit }) })),
  );
  return {
    events: answers.flatMap(({ events }) => events ?? []),
    silent: answers.filter(({ events }) => events === null).map(({ node }) => node),
  };
}

/** Follows the logs of other machines by asking again and again: what comes after what is known. */
export class OtherEvents {
  private readonly places = new Map<string, number>();

  /** Each event once; of a machine that is asked for the first time, none that were there before. */
  async next(others: readonly Other[]): Promise<Event[]> {
    const news = await Promise.all(others.map((other) => this.newsOf(other)));
    return news.flat();
  }

  private async newsOf({ node, client }: Other): Promise<readonly Event[]> {
    const place = this.places.get(node);
    if (place === undefined) {
      const newest = await eventsOf(client, { last: true, limit: 1 });
      if (newest !== null) this.places.set(node, newest.at(-1)?.sequence ?? 0);
      return [];
    }
    const events = (await eventsOf(client, { after: place, limit: most })) ?? [];
    this.places.set(node, events.at(-1)?.sequence ?? place);
    return events;
  }
}

/** Null where it does not answer. */
async function eventsOf(
  client: AgentClient,
  asked: { readonly after?: number; readonly last?: boolean; readonly limit: number },
): Promise<readonly Event[] | null> {
  const { last = false, ...rest } = asked;
  const query = { ...rest, last: String(last) };
  return client.call("events", { query }, { timeout: patience }).then(
    ({ events }) => events,
    () => null,
  );
}
