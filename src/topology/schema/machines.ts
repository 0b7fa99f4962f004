import { z } from "zod";
import {
  addressSchema,
  destinationPrefixSchema,
  deviceSchema,
  integerSchema,
  nameSchema,
  networkPrefixSchema,
  oneOrBoth,
  reference,
} from "./scalars.js";

export const networkSchema = z.strictObject({
  cidr: oneOrBoth(networkPrefixSchema).describe(
    "Prefix of the network, or a list of one IPv4 and one IPv6 prefix.",
  ),
  virtual_router_id: integerSchema(1, 255)
    .default(51)
    .describe(
      "VRRP virtual router identifier, 1 to 255; no other pair on the same wire may have it. Default 51.",
    ),
  gateway: addressSchema
    .optional()
    .describe("The network's own router, also asked whether the network still answers. Default: none."),
  mtu: integerSchema(576, 65535)
    .optional()
    .describe("Link MTU in bytes, 576 to 65535 (from 1280 with IPv6). Default: the device's own."),
});

export const networksSchema = z
  .record(nameSchema, networkSchema)
  .describe("The broadcast domains, by name.")
  .refine((networks) => Object.keys(networks).length > 0, { error: "at least one network is needed" });

const interfaceSchema = z.strictObject({
  device: deviceSchema,
  address: oneOrBoth(addressSchema).describe(
    "The node's own address on this network, or a list of one IPv4 and one IPv6 address.",
  ),
});

export const nodeSchema = z.strictObject({
  name: nameSchema.describe("Name of the load balancer machine."),
  interfaces: z
    .record(nameSchema, interfaceSchema)
    .describe("How the node stands on each network: network name to device and address."),
});

export const routeSchema = z.strictObject({
  destination: destinationPrefixSchema.describe("Prefix behind a router, for instance `192.168.10.0/24`."),
  via: addressSchema.describe("Address of the router, on a network of the nodes."),
});

export const virtualIpSchema = z.strictObject({
  name: nameSchema.describe("Name of the virtual IP."),
  network: reference("the network on which the address moves between the nodes"),
  address: oneOrBoth(addressSchema).describe("The address, or a list of one IPv4 and one IPv6 address."),
});

export const labSchema = z.strictObject({
  hosts: z
    .array(
      z.strictObject({
        name: nameSchema.describe("Name of the machine in the lab."),
        network: reference("the network that the machine stands on"),
        address: addressSchema.describe("The machine's address."),
      }),
    )
    .default([])
    .describe("Extra machines of the lab; ignored everywhere else. Default: none."),
});
