const units: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a time in HAProxy's words (manual, 2.5: without a unit, milliseconds); null when it is none. */
export function haproxyTime(text: string | undefined): number | null {
  const [, digits, unit = "ms"] = /^([0-9]{1,9})(us|ms|s|m|h|d)?$/.exec(text ?? "") ?? [];
  return digits === undefined ? null : Math.round(Number(digits) * (units[unit] ?? 1));
}
