import { type PoolServer, poolOf } from "./pool.js";

/** How the servers of two files differ, a line each: `backend openflow: + server c4 10.0.2.14:6653`. */
export function poolLines(before: string, after: string): string[] {
  const [had, wanted] = [poolOf(before), poolOf(after)];
  if (had === null || wanted === null) return [];
  return [...wanted].flatMap(([backend, servers]) => {
    const old = new Map(had.get(backend)?.map((server) => [server.name, server]));
    const names = new Set(servers.map(({ name }) => name));
    const gone = [...old.values()].filter(({ name }) => !names.has(name));
    return [
      ...servers.flatMap((server) => serverLine(old.get(server.name), server)),
      ...gone.map((server) => `- server ${server.name} ${server.endpoint}`),
    ].map((line) => `backend ${backend}: ${line}`);
  });
}

function serverLine(before: PoolServer | undefined, { name, ...after }: PoolServer): string[] {
  if (before === undefined) {
    const weight = after.weight === 1 ? "" : ` weight ${after.weight}`;
    return [`+ server ${name} ${after.endpoint}${weight}${after.backup ? " backup" : ""}`];
  }
  const changes = [
    ...(before.endpoint === after.endpoint ? [] : [`${before.endpoint} -> ${after.endpoint}`]),
    ...(before.weight === after.weight
      ? []
      : [`weight ${before.weight} -> ${after.weight}${after.weight === 0 ? ", drains" : ""}`]),
    ...(before.backup === after.backup ? [] : [after.backup ? "becomes a backup" : "is no backup any more"]),
  ];
  return changes.length === 0 ? [] : [`~ server ${name} ${changes.join(", ")}`];
}
