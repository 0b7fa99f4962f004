import { z } from "zod";
import { addressSchema, destinationPrefixSchema, nameSchema, portSchema, reference } from "./scalars.js";

const destinationNatSchema = z.strictObject({
  inbound: reference("the network on which the packets arrive"),
  address: addressSchema.describe("The address that the pair answers for although it does not announce it."),
  port: portSchema.describe("TCP port, 1 to 65535."),
  service: reference("the service that answers"),
});

const sourceNatSchema = z.strictObject({
  from: z
    .union([
      nameSchema.transform((network) => ({ network })),
      destinationPrefixSchema.transform((prefix) => ({ prefix })),
    ])
    .describe("Name of the network, or the prefix, whose traffic is translated."),
  outbound: reference("the network on which the packets leave"),
  translate_to: z
    .strictObject({
      virtual_ip: reference("the virtual IP that the packets come from").optional(),
      address: addressSchema
        .optional()
        .describe("The address that the packets come from: one that nat.destination captures."),
    })
    .meta({ minProperties: 1, maxProperties: 1 })
    .refine((to) => (to.virtual_ip === undefined) !== (to.address === undefined), {
      error: "give either virtual_ip or address",
    })
    .describe("The source address that the neighbours see: a virtual_ip or an address."),
});

export const natSchema = z.strictObject({
  destination: z
    .array(destinationNatSchema)
    .default([])
    .describe("Addresses that the pair captures: packets to them are answered by a service. Default: none."),
  source: z
    .array(sourceNatSchema)
    .default([])
    .describe("Source addresses that the pair gives to forwarded traffic, first match first. Default: none."),
});
