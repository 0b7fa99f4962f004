import { z } from "zod";

/** One line that a person wrote and others will read on their terminals: no control and no format characters. */
export const lineSchema = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^\P{C}*$/u, "one line without control characters is needed");

/** Who asked for something: the name in a certificate, or root. */
export const authorSchema = lineSchema(64);

/** Why, as the agent keeps it: with a few words of its own before those of the author, as of a rollback. */
export const reasonSchema = lineSchema(512);
