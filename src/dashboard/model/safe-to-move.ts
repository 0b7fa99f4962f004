import type { SwitchoverCheck } from "../../api/check-routes.js";

/** Whether it is safe to switch now, at a glance. Pure. */
export function safeToMove({
  answer,
  trouble,
}: {
  readonly answer: SwitchoverCheck | null;
  readonly trouble: string | null;
}): { readonly level: "good" | "warning" | "bad" | "unknown"; readonly words: string } {
  if (trouble !== null) return { level: "unknown", words: trouble };
  if (answer === null) return { level: "unknown", words: "looking whether it is safe to switch…" };
  const safe = answer.targets.filter(({ obstacle }) => obstacle === null);
  if (safe.length === 0) {
    const reasons = [...new Set(answer.targets.flatMap(({ obstacle }) => obstacle ?? []))];
    return { level: "bad", words: `Not safe to switch: ${reasons.join("; ") || "there is no other node"}.` };
  }
  const names = safe.map(({ to }) => to).join(" or ");
  const warnings = safe.flatMap(({ warning }) => warning ?? []);
  if (warnings.length > 0)
    return { level: "warning", words: `It is safe to switch to ${names} now; but ${warnings.join("; ")}.` };
  return { level: "good", words: `It is safe to switch to ${names} now.` };
}
