import type { LivePicture } from "../../api/live.js";

/** What a move of the virtual IPs costs those who are connected now: sentences. Pure. */
export function costOfMove({ services, nodes }: LivePicture, to: string | null): string[] {
  const proxied = services.filter(({ mode, sessions }) => mode === "proxy" && sessions > 0);
  const translated = services.filter(({ mode, sessions }) => mode === "nat" && sessions > 0);
  const held = nodes.find(({ name }) => name === to)?.sync === "complete";
  return [
    ...proxied.map(({ name, sessions }) => `${count(sessions)} of ${name} end, and connect again`),
    ...translated.map(({ name, sessions }) =>
      held
        ? `${count(sessions)} of ${name} go on: ${to} holds their state`
        : `${count(sessions)} of ${name} may end: ${to ?? "whoever takes over"} does not hold all of their state`,
    ),
    ...(proxied.length + translated.length === 0 ? ["no session is open now"] : []),
  ];
}

const count = (sessions: number): string => `${sessions} ${sessions === 1 ? "session" : "sessions"}`;
