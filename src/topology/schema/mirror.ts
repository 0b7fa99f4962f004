import { z } from "zod";
import { addressSchema, nameSchema, portSchema, sizeSchema } from "./scalars.js";

const later = "not supported yet";

/** A key whose further values wait for the session in the path. */
const choice = <const V extends string, const W extends string>(
  first: readonly [V, ...V[]],
  unbuilt: readonly W[],
) =>
  z
    .enum([...first, ...unbuilt], { error: `must be ${first.join(" or ")}` })
    .transform((value, context): V => {
      if (first.includes(value as V)) return value as V;
      context.issues.push({ code: "custom", input: value, message: later });
      return z.NEVER;
    });

export const mirrorSchema = z.strictObject({
  to: z
    .strictObject({
      name: nameSchema.describe("Name of the master controller."),
      address: addressSchema.describe("The address of the master controller."),
      port: portSchema.describe("TCP port of the master controller, 1 to 65535."),
    })
    .describe("The master controller."),
  via: choice(["tap"], ["inline"])
    .prefault("tap")
    .describe(
      "How the messages are copied. tap: captured beside the path, which they do not touch. Default tap; inline is not supported yet.",
    ),
  replies: choice(["drop"], ["forward"])
    .prefault("drop")
    .describe(
      "What becomes of what the master controller says. drop: no switch hears it. Default drop; forward is not supported yet.",
    ),
  writes: choice(["error", "drop"], ["forward"])
    .prefault("error")
    .describe(
      "What the master controller hears when it asks for a change. error: that it is not permitted; drop: nothing. Default error; forward is not supported yet.",
    ),
  queue: sizeSchema({ from: 65_536, to: 67_108_864 })
    .prefault("4MiB")
    .describe(
      "What may wait for a slow master controller, for each switch; the oldest messages give way. 64KiB to 64MiB. Default 4MiB.",
    ),
});
