/**
 * Where a haproxy.cfg wants to listen and another program does already, a clause each. HAProxy says so itself only in
 * its log (2.6 keeps no `startup-logs` in its master).
 *
 * @param listening what `ss -Hltnp` says (ss(8))
 */
export function takenBinds(cfg: string, listening: string): string[] {
  const others = listening.split("\n").flatMap((line) => {
    const [, , , local = "", , users = ""] = line.trim().split(/\s+/);
    const program = /"([^"]*)",pid=(\d+)/.exec(users);
    if (local === "" || program?.[1] === "haproxy") return [];
    const by = program === null ? "another program" : `${program[1]} (process ${program[2]})`;
    return [{ ...placeOf(local), by }];
  });
  return [...cfg.matchAll(/^ {4}bind (\S+)/gm)].flatMap(([, bind = ""]) => {
    const { address, port } = placeOf(bind);
    const other = others.find((one) => one.port === port && (isAny(one.address) || one.address === address));
    return other === undefined ? [] : [`${bind} is already in use by ${other.by}`];
  });
}

/** Of `10.0.1.100:6653`, `[::1]:80`, `*:80` and `10.0.1.2%eth1:80`. */
function placeOf(text: string): { readonly address: string; readonly port: string } {
  const colon = text.lastIndexOf(":");
  const address = text
    .slice(0, colon)
    .replace(/%.*$/, "")
    .replace(/^\[|\]$/g, "");
  return { address, port: text.slice(colon + 1) };
}

const isAny = (address: string): boolean => ["*", "0.0.0.0", "::"].includes(address);
