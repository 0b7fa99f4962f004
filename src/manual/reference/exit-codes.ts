/** What a command returns to the shell, in words. */
export const exitCodes: readonly { readonly code: number; readonly of: string; readonly means: string }[] = [
  { code: 0, of: "all", means: "done; healthy; nothing to do; every expectation met" },
  {
    code: 1,
    of: "all",
    means:
      "an error, with its cure; for `status`, `vpn status`: a machine does not answer; for `preflight`: it found an error",
  },
  { code: 2, of: "`plan`", means: "something would change" },
  {
    code: 3,
    of: "`status`, `vpn status`, `calibrate`, `preflight`",
    means:
      "degraded, or one death away from an outage; the advert interval is too quick for a machine, or not measured under load; a warning and no error",
  },
  { code: 4, of: "`drill`, `demo`", means: "an expectation was not met" },
];
