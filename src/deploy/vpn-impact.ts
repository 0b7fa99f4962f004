import { basename, dirname } from "node:path";
import { isClientPlace } from "../render/vpn/places.js";
import type { Change } from "./change.js";
import { noImpact } from "./impact.js";
import type { Step } from "./steps.js";

/** What the plan of a VPN server means for those who use it, worst first. */
export function vpnImpact(steps: readonly Step[], changes: readonly Change[]): string[] {
  const does = (kind: Step["kind"]) =>
    steps.flatMap((step) =>
      step.kind === kind && "service" in step && step.service.startsWith("openvpn-server@")
        ? [step.service.slice("openvpn-server@".length)]
        : [],
    );
  const [restarts, stops, moved] = [does("restart"), does("stop"), movedClients(changes)];
  const said = [
    ...(restarts.length > 0
      ? [
          `OpenVPN restarts (${restarts.join(", ")}): whoever is connected there connects again, here or elsewhere.`,
        ]
      : []),
    ...(stops.length > 0 ? [`OpenVPN ends (${stops.join(", ")}).`] : []),
    ...(moved.length > 0 && stops.length === 0
      ? [`Clients whose addresses change log in anew (${moved.join(", ")}).`]
      : []),
  ];
  return said.length === 0 ? [noImpact] : said;
}

/** Those who had an address, or a network behind them, that they have no longer. */
const movedClients = (changes: readonly Change[]): string[] =>
  changes
    .filter(({ path, before }) => before !== null && isClientPlace(dirname(path)))
    .filter(({ before, after }) => {
      const kept = new Set(givenIn(after?.body));
      return givenIn(before?.body).some((line) => !kept.has(line));
    })
    .map(({ path }) => basename(path));

/** What a client's settings give it (openvpn(8), client-config-dir). */
const givenIn = (body = ""): string[] => body.match(/^(ifconfig-|iroute).*$/gm) ?? [];
