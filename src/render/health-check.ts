import type { HealthCheck, OpenFlowVersion } from "../topology/cluster.js";

/** One line of a backend's check, in the words the template prints. */
export interface CheckView {
  readonly openflow: { readonly hello: string; readonly featuresRequest: string } | null;
  readonly http: { readonly path: string; readonly status: number } | null;
}

/** The wire's version byte (OpenFlow Switch Specification 1.5.1, 7.1.1). */
const wireVersion: Record<OpenFlowVersion, number> = {
  "1.0": 1,
  "1.1": 2,
  "1.2": 3,
  "1.3": 4,
  "1.4": 5,
  "1.5": 6,
};

export function checkView({ type, openflowVersions, path, expect }: HealthCheck): CheckView {
  return {
    openflow: type === "openflow" ? openflow(openflowVersions) : null,
    http: type === "http" ? { path, status: expect } : null,
  };
}

/**
 * Speaks like a switch: HELLO in the highest version, then waits for FEATURES_REQUEST, the first thing a working
 * controller asks (7.5.1 says that the lower of both HELLOs is agreed upon).
 */
function openflow(versions: readonly OpenFlowVersion[]): NonNullable<CheckView["openflow"]> {
  const bytes = versions.map((version) => wireVersion[version]);
  return {
    hello: `0${Math.max(...bytes)}00000800000001`,
    featuresRequest: `0[${bytes.join("")}]05`,
  };
}
