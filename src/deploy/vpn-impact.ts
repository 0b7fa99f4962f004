import { noImpact } from "./impact.js";
import type { Step } from "./steps.js";

/** What the plan of a VPN server means for those who use it, worst first. */
export function vpnImpact(steps: readonly Step[]): string[] {
  const does = (kind: Step["kind"]) =>
    steps.flatMap((step) =>
      step.kind === kind && "service" in step && step.service.startsWith("openvpn-server@")
        ? [step.service.slice("openvpn-server@".length)]
        : [],
    );
  const [restarts, stops] = [does("restart"), does("stop")];
  const said = [
    ...(restarts.length > 0
      ? [
          `OpenVPN restarts (${restarts.join(", ")}): whoever is connected there connects again, here or elsewhere.`,
        ]
      : []),
    ...(stops.length > 0 ? [`OpenVPN ends (${stops.join(", ")}).`] : []),
  ];
  return said.length === 0 ? [noImpact] : said;
}
