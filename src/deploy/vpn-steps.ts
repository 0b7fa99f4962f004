import { vpnPaths } from "../render/vpn/places.js";
import { isVpnService, openvpnService, type VpnService } from "../render/vpn/vpn-services.js";
import { bodyChanges, type Change } from "./change.js";

export type VpnStep = {
  readonly kind: "start" | "reload" | "restart" | "stop";
  readonly service: VpnService;
};

/**
 * What the engines of a VPN server need. OpenVPN reads its file once: it is restarted exactly where that changes, which
 * costs whoever comes through it a moment. Clients' own settings are read at each login. What goes makes room first, for
 * a port or a device; BIRD comes last, and keeps its routes when it reads its file again.
 */
export function vpnSteps(changes: readonly Change[], stopped: readonly string[]): VpnStep[] {
  const starts = stopped.filter(isVpnService);
  const changed = changes.filter(bodyChanges).flatMap(({ path, after }) => {
    const service = openvpnService(path);
    return service === null ? [] : [{ service, gone: after === null }];
  });
  const gone = changed.filter((each) => each.gone).map(({ service }) => service);
  const restarts = changed.filter(({ service, gone }) => !gone && !starts.includes(service));
  const bird = changes.some((change) => change.path === vpnPaths.bird && bodyChanges(change));
  return [
    ...gone.map((service) => ({ kind: "stop" as const, service })),
    ...restarts.map(({ service }) => ({ kind: "restart" as const, service })),
    ...starts.map((service) => ({ kind: "start" as const, service })),
    ...(bird && !starts.includes("bird") ? [{ kind: "reload" as const, service: "bird" as const }] : []),
  ];
}
