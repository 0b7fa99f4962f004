import { httpOption, type Loss } from "./not-carried.js";

const logged: Loss = ["replaced", "holdfast sets what HAProxy logs and counts"];
const paths: Loss = ["replaced", "HAProxy chooses by itself how it moves the bytes"];

/** Options that a service has anyway, or that the reader of its check takes. */
const quiet =
  /^(tcp-check|httpchk|ssl-hello-chk|(mysql|pgsql|redis|smtp|ldap|external|spop|agent)-?(check|chk)|dontlognull|tcpka|clitcpka|srvtcpka)$/;

const losses: Readonly<Record<string, Loss>> = {
  forwardfor: [
    "lost",
    httpOption[1],
    "where servers must see their clients: transparent: true, if they answer through the pair",
  ],
  redispatch: ["replaced", "a session whose server does not answer goes to another one at once"],
  allbackups: ["lost", "when no other server is up, the first backup serves alone"],
  abortonclose: ["lost", "a session whose client has gone is still given to a server"],
  nolinger: ["lost", "sessions end as TCP ends them"],
  "independent-streams": ["lost", "a session that moves in one direction only is not a dead one"],
  "prefer-last-server": httpOption,
  transparent: ["lost", "a service has servers"],
  http_proxy: ["lost", "a service has servers"],
  persist: httpOption,
  originalto: httpOption,
  forwarded: httpOption,
  checkcache: httpOption,
  "disable-h2-upgrade": httpOption,
  "idle-close-on-response": httpOption,
  "log-health-checks": ["replaced", "every change of a server is an event"],
  httplog: logged,
  httpslog: logged,
  tcplog: logged,
  logasap: logged,
  "dontlog-normal": logged,
  "log-separate-errors": logged,
  contstats: logged,
  "socket-stats": logged,
  "splice-auto": paths,
  "splice-request": paths,
  "splice-response": paths,
  "tcp-smart-accept": paths,
  "tcp-smart-connect": paths,
};

/** What becomes of `option NAME ...`; null where nobody misses it. */
export function optionLoss([, name = "", first]: readonly string[]): Loss | null {
  if (quiet.test(name) || (name === "redispatch" && first === "1")) return null;
  if (Object.hasOwn(losses, name)) return losses[name] ?? null;
  if (/^(http|h1-|accept-(invalid|unsafe))/.test(name)) return httpOption;
  return ["lost", "import does not know it", "see whether it is missed"];
}

/** What becomes of `no option NAME`: most of them a service does without, some of them it has all the same. */
export const withoutOptionLoss = (name: string): Loss | null =>
  /^(redispatch|dontlognull|tcpka|clitcpka|srvtcpka)$/.test(name)
    ? ["replaced", "holdfast sets it in every service"]
    : null;
