import { foreignCertificate, RefusedCall, UnreachableError } from "../fleet/client-errors.js";
import { UserError } from "./context.js";

/** What a command says when each agent was out of reach or left it to another one. */
export function nobodyDoes(passed: readonly (UnreachableError | RefusedCall)[]): Error {
  const [only] = passed;
  if (only instanceof RefusedCall && passed.length === 1) return only;
  const silent = passed.filter((error) => error instanceof UnreachableError);
  if (silent.length === passed.length) return noAnswer(silent);
  return new UserError(
    ["no agent does this now:", ...passed.map(({ message }) => `  ${message}`)].join("\n"),
  );
}

/** What a command says that reached no agent: each one's reason, and a cure where all have one and the same. */
export function noAnswer(silent: readonly UnreachableError[]): UserError {
  if (silent.length === 0)
    return new UserError("no node is running: 'holdfast lab power on NODE' starts one");
  const causes = silent.flatMap((error) => error.causes);
  const foreign = causes.every((cause) => cause.endsWith(foreignCertificate));
  return new UserError(
    [
      "no agent answers:",
      ...silent.map(({ message }) => `  ${message}`),
      ...(foreign
        ? ["these agents and the certificate used here have different authorities: choose with --pki"]
        : []),
    ].join("\n"),
  );
}
