import { z } from "zod";
import { addressSchema, nameSchema, portSchema, sizeSchema } from "./scalars.js";

/** A file of its own in the one directory that the multiplexer may write to, and not one of another's older ones. */
const auditFile = /^\/var\/log\/holdfast\/(?!.*\.[0-9]$)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export const mirrorSchema = z.strictObject({
  to: z
    .strictObject({
      name: nameSchema.describe("Name of the master controller."),
      address: addressSchema.describe("The address of the master controller."),
      port: portSchema.describe("TCP port of the master controller, 1 to 65535."),
    })
    .describe("The master controller."),
  via: z
    .enum(["tap", "inline"], { error: "must be tap or inline" })
    .prefault("tap")
    .describe(
      "How the messages are copied. tap: captured beside the path, which they do not touch; inline: by a multiplexer in the path, which a proxy service's sessions pass through. Default tap.",
    ),
  replies: z
    .enum(["drop", "forward"], { error: "must be drop or forward" })
    .prefault("drop")
    .describe(
      "What becomes of what the master controller says. drop: no switch hears it, and it is answered from what the switch told its own controller; forward: the switch answers it, which needs via: inline. Default drop.",
    ),
  writes: z
    .enum(["error", "drop", "forward"], { error: "must be error, drop or forward" })
    .prefault("error")
    .describe(
      "What becomes of a change that the master controller asks for. error: it hears that it is not permitted; drop: it hears nothing; forward: the switch makes it, which needs replies: forward. Default error.",
    ),
  audit: z
    .strictObject({
      file: z
        .string()
        .regex(auditFile, {
          error:
            "must be a file in /var/log/holdfast, named by A-Z, a-z, 0-9, `_`, `.` and `-`, that does not end as older ones do, in `.` and a digit",
        })
        .describe("The file, in /var/log/holdfast; four older ones are kept beside it."),
    })
    .optional()
    .describe(
      "Where what controllers say to switches is written down, each message with its time and its author. Needs via: inline. Default: nowhere.",
    ),
  queue: sizeSchema({ from: 65_536, to: 67_108_864 })
    .prefault("4MiB")
    .describe(
      "What may wait for a slow master controller, for each switch; the oldest messages give way. 64KiB to 64MiB. Default 4MiB.",
    ),
});
