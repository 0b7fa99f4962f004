import { z } from "zod";
import { type Parsed, parseIp, parsePrefix, whyUnusable, whyUnusablePrefix } from "../address.js";
import { formatDuration, parseDuration } from "../duration.js";
import { quote } from "../quote.js";
import { formatSize, parseSize } from "../size.js";

/** Names become parts of file names, of configuration lines and of VRRP instances: nothing else may be in them. */
const namePattern = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

export const nameSchema = z.string().regex(namePattern, {
  error: ({ input }) =>
    `${quote(String(input))} is not a name: 1 to 32 of a-z, 0-9 and \`-\`, beginning and ending with a letter or digit`,
});

/** What a name of another part of the topology refers to; checked against what is there by a rule. */
export const reference = (what: string) => nameSchema.describe(`Name of ${what}.`);

/** Names that the pattern of a device name leaves out, and why. `.` and `..` would be directories under /proc/sys/net. */
const noDevices: ReadonlyMap<unknown, string> = new Map([
  ["lo", "lo is the loopback device: no other machine hears what is sent there"],
  ["all", "all stands for every device under /proc/sys/net, so that Linux has no device of that name"],
  ["default", "default stands for new devices under /proc/sys/net, so that Linux has no device of that name"],
]);

/** IFNAMSIZ (linux/if.h): 15 bytes and a NUL. */
export const deviceSchema = z
  .string()
  .regex(/^(?!(?:\.{1,2}|lo|all|default)$)[A-Za-z0-9_.-]{1,15}$/, {
    error: ({ input }) =>
      noDevices.get(input) ??
      `${quote(String(input))} is not a device name: 1 to 15 of A-Z, a-z, 0-9, \`_\`, \`.\` and \`-\` (IFNAMSIZ)`,
  })
  .describe("Linux network device, for instance `eth1`.");

/** A string that becomes a value; the parser's refusal is the message. */
function parsed<T>(parse: (text: string) => Parsed<T>, refuse: (value: T) => string | null) {
  return z.string().transform((text, context): T => {
    const result = parse(text);
    const refused = "refused" in result ? result.refused : refuse(result.value);
    if (!("refused" in result) && refused === null) return result.value;
    context.issues.push({ code: "custom", input: text, message: `${quote(text)}: ${refused}` });
    return z.NEVER;
  });
}

export const addressSchema = parsed(parseIp, whyUnusable);

/** A prefix that machines can stand in. */
export const networkPrefixSchema = parsed(
  parsePrefix,
  (prefix) =>
    whyUnusablePrefix(prefix) ??
    (prefix.prefix === 0 ? "a network cannot hold every address" : null) ??
    (prefix.first === prefix.last ? "one address is no network" : null),
);

/** A prefix that packets can be sent to; 0.0.0.0/0 and single addresses included. */
export const destinationPrefixSchema = parsed(parsePrefix, (prefix) =>
  prefix.prefix === 0 ? null : whyUnusablePrefix(prefix),
);

/** One value, or one of IPv4 and one of IPv6. */
export function oneOrBoth<T extends { readonly family: 4 | 6 }>(schema: z.ZodType<T, string>) {
  return z.union([
    schema.transform((value): T[] => [value]),
    z
      .array(schema)
      .min(1, { error: "at least one is needed" })
      .max(2, { error: "at most two: one of IPv4 and one of IPv6" })
      .refine((values) => new Set(values.map((value) => value.family)).size === values.length, {
        error: "two must be one of IPv4 and one of IPv6",
      }),
  ]);
}

interface DurationRange {
  readonly from: number;
  readonly to: number;
  /** VRRPv3 counts centiseconds (RFC 9568, 5.2.7). */
  readonly step?: number;
}

/** A duration such as `100ms` or `1s`, in milliseconds once read. */
export const durationSchema = ({ from, to, step = 1 }: DurationRange) =>
  parsed(
    (text): Parsed<number> => {
      const value = parseDuration(text);
      return value === null ? { refused: "not a duration such as `100ms` or `1s`" } : { value };
    },
    (value) => {
      if (value < from || value > to) return `must be from ${formatDuration(from)} to ${formatDuration(to)}`;
      return value % step === 0 ? null : `must be a multiple of ${formatDuration(step)}`;
    },
  ).meta({ pattern: "^[0-9]{1,7}(ms|s)$" });

/** A size such as `64KiB` or `4MiB`, in bytes once read. */
export const sizeSchema = ({ from, to }: { readonly from: number; readonly to: number }) =>
  parsed(
    (text): Parsed<number> => {
      const value = parseSize(text);
      return value === null
        ? { refused: `not a size from ${formatSize(from)} to ${formatSize(to)}, such as \`4MiB\`` }
        : { value };
    },
    (value) => (value < from || value > to ? `must be from ${formatSize(from)} to ${formatSize(to)}` : null),
  ).meta({ pattern: "^[1-9][0-9]{0,3}(KiB|MiB)$" });

/** A whole number in a range that the message repeats. */
export const integerSchema = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
};

export const portSchema = integerSchema(1, 65535);

/** A list in which nothing stands twice. */
export const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length;
