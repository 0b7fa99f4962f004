import { z } from "zod";
import {
  addressSchema,
  deviceSchema,
  nameSchema,
  networkPrefixSchema,
  oneOrBoth,
  portSchema,
} from "./scalars.js";

/** Each pair of servers has a tunnel and a process on both: 256 servers are 255 processes on each of them. */
const maximumServers = 256;

const protocolSchema = z.enum(["udp", "tcp"], { error: "must be udp or tcp" });

/** sockaddr_un(7): 107 bytes and a NUL. */
const socketPattern = /^(?!.*\/\.{1,2}(\/|$))(\/[A-Za-z0-9_.-]+)+$/;
const pathSchema = (longest: number) =>
  z
    .string()
    .regex(socketPattern, { error: "must be an absolute path of A-Z, a-z, 0-9, `_`, `.` and `-`" })
    .max(longest, {
      error: `must be at most ${longest} characters`,
    });

const managementSchema = z
  .strictObject({
    socket: pathSchema(107)
      .optional()
      .describe(
        "Path of the Unix socket on which OpenVPN is asked and told. Default: none, where there is a port.",
      ),
    address: z
      .enum(["127.0.0.1", "::1"], { error: "must be 127.0.0.1 or ::1: who gets there commands the server" })
      .optional()
      .describe("Address of the TCP socket instead, 127.0.0.1 or ::1. Default 127.0.0.1."),
    port: portSchema
      .optional()
      .describe("TCP port instead of a Unix socket, 1 to 65535. Default: none, where there is a socket."),
    password_file: pathSchema(4095)
      .optional()
      .describe("File whose first line is the password. Default: no password."),
  })
  .meta({ minProperties: 1 })
  .refine(({ socket, port }) => (socket === undefined) !== (port === undefined), {
    error: "give either socket or port",
  })
  .refine(({ address, port }) => address === undefined || port !== undefined, {
    error: "an address needs a port",
  });

/** OpenVPN's own words where a device's name may stand (openvpn(8), --dev). */
const noName = new Map<unknown, string>([
  ["tun", "tun has OpenVPN choose a number, so that nobody else knows the device; name one, such as tun0"],
  ["tap", "tap has OpenVPN choose a number, so that nobody else knows the device; name one, such as tap0"],
  ["null", "null is OpenVPN's word for no device at all; name one, such as tun0"],
]);
const clientDeviceSchema = deviceSchema.regex(/^(?!(?:tun|tap|null)$)/, {
  error: ({ input }) => noName.get(input),
});

const serverSchema = z.strictObject({
  name: nameSchema.describe("Name of the server, and the common name of its certificate."),
  address: oneOrBoth(addressSchema).describe(
    "Where clients and the other servers reach it: an address, or a list of one IPv4 and one IPv6 address.",
  ),
  port: portSchema.default(1194).describe("Port that clients connect to, 1 to 65535. Default 1194."),
  proto: protocolSchema.default("udp").describe("What clients speak to it: udp or tcp. Default udp."),
  clients: oneOrBoth(networkPrefixSchema).describe(
    "Part of the pool of which clients without a fixed address get theirs; the server has the first one itself. As many families as the pool.",
  ),
  backbone: addressSchema
    .refine(({ family }) => family === 4, { error: "must be an IPv4 address: it is also BGP's router id" })
    .describe("Its IPv4 address among the servers, outside the pool."),
  device: clientDeviceSchema
    .default("tun0")
    .describe("Device of its clients, by its whole name; `tap0` makes it tap. Default tun0."),
  management: managementSchema.describe("How OpenVPN is asked and told: a socket or a port."),
});

const backboneSchema = z.strictObject({
  device: deviceSchema
    .default("bb")
    .describe("Begin of the devices' names, to which each pair's number is added. Default bb."),
  port: portSchema
    .default(11940)
    .describe("First port; each pair has the next one, on both ends. Default 11940."),
  proto: protocolSchema
    .default("udp")
    .describe("What the servers speak to each other: udp or tcp. Default udp."),
});

/** X.520's upper bound of a common name is 64. OpenVPN looks for a file of that name, DEFAULT being that of all others. */
export const commonNameSchema = z.string().regex(/^(?!DEFAULT$)[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/, {
  error:
    "must be the common name of a certificate: 1 to 64 of A-Z, a-z, 0-9, `_`, `.`, `@` and `-`, beginning with a letter or digit, and not DEFAULT",
});

const clientSchema = z.strictObject({
  name: commonNameSchema.describe("Common name of the client's certificate."),
  address: oneOrBoth(addressSchema).describe(
    "The address that it keeps on every server, or a list of one IPv4 and one IPv6 address.",
  ),
  subnets: z
    .array(networkPrefixSchema)
    .default([])
    .describe("Networks behind the client, parts of the pool. Default: none."),
});

export const vpnSchema = z.strictObject({
  name: nameSchema.describe("Name of the network, and of its OpenVPN service."),
  pool: oneOrBoth(networkPrefixSchema).describe(
    "The only addresses that may ever be routed: a prefix, or a list of one IPv4 and one IPv6 prefix.",
  ),
  servers: z
    .array(serverSchema)
    .min(2, { error: "routes are shared between at least two servers" })
    .max(maximumServers, { error: `at most ${maximumServers} servers` })
    .describe("The OpenVPN servers; a client that lost one tries the next."),
  backbone: backboneSchema.prefault({}).describe("The tunnels between the servers, one a pair."),
  clients: z
    .array(clientSchema)
    .default([])
    .describe("Clients that keep their address on whichever server they are. Default: none."),
  duplicate_cn: z
    .boolean()
    .default(false)
    .describe("Whether clients without a fixed address may share a certificate. Default false."),
});

/** The section as an operator wrote it, once it has the right shape. */
export type WrittenVpn = z.output<typeof vpnSchema>;
