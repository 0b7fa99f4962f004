import { bodyOf, message, refusal, xidOf } from "../../mirror/openflow/message.js";
import { Type, typeName, typesOf } from "../../mirror/openflow/message-type.js";
import { Multipart, partIn, replies } from "../../mirror/openflow/multipart.js";

/** Who a generated switch says it is. */
export interface Identity {
  readonly version: number;
  readonly datapath: bigint;
}

/** ofp_aggregate_stats_reply (1.3.5, 7.3.5.3): the one description that is no list. */
const aggregate = { type: 2, length: 24 };

/** What a switch with two ports says to a controller's question; null where none was asked. */
export function answerTo(identity: Identity, request: Buffer): Buffer | null {
  const { version } = identity;
  const reply = (type: number, body?: Buffer) => message(version, type, xidOf(request), body);
  switch (typeName(version, request.readUInt8(1))) {
    case "ECHO_REQUEST":
      return reply(Type.echoReply, bodyOf(request));
    case "FEATURES_REQUEST":
      return reply(Type.featuresReply, features(identity));
    case "GET_CONFIG_REQUEST":
      return reply(Type.getConfigReply, Buffer.from([0, 0, 0, 128]));
    case "BARRIER_REQUEST":
      return reply(typesOf(version).barrierReply);
    case "ROLE_REQUEST":
      return reply(25, bodyOf(request));
    case "STATS_REQUEST":
    case "MULTIPART_REQUEST":
      return described(identity, request);
    case "GET_ASYNC_REQUEST":
    case "QUEUE_GET_CONFIG_REQUEST":
      return refusal(version, request, "badType");
    default:
      return null;
  }
}

function described(identity: Identity, request: Buffer): Buffer {
  const part = partIn(identity.version, bodyOf(request));
  if (part === null) return refusal(identity.version, request, "badLength");
  const body = (): Buffer => {
    if (part.type === Multipart.desc) return desc(identity);
    if (part.type === Multipart.portDesc) return ports(identity);
    return Buffer.alloc(part.type === aggregate.type ? aggregate.length : 0);
  };
  return replies(identity.version, part.type, xidOf(request), [body()]);
}

/** datapath_id, n_buffers, n_tables, padding, capabilities, actions or reserved; of 1.0 the ports (1.0.0, 5.3.1; 1.3.5, 7.3.1). */
function features(identity: Identity): Buffer {
  const body = Buffer.alloc(24);
  body.writeBigUInt64BE(identity.datapath, 0);
  body.writeUInt32BE(256, 8);
  body.writeUInt8(254, 12);
  body.writeUInt32BE(identity.version === 1 ? 0xc7 : 0x47, 16);
  if (identity.version === 1) body.writeUInt32BE(0xfff, 20);
  return identity.version === 1 ? Buffer.concat([body, ports(identity)]) : body;
}

/** ofp_phy_port (1.0.0, 5.2.1), ofp_port (1.3.5, 7.2.1). */
function ports({ version, datapath }: Identity): Buffer {
  return Buffer.concat(
    [1, 2].map((number) => {
      const port = Buffer.alloc(version === 1 ? 48 : 64);
      const address = version === 1 ? 2 : 8;
      if (version === 1) port.writeUInt16BE(number, 0);
      else port.writeUInt32BE(number, 0);
      port.writeUInt8(0x02, address);
      port.writeUInt32BE(Number(datapath & 0xffffffffn), address + 1);
      port.writeUInt8(number, address + 5);
      port.write(`eth${number}`, version === 1 ? 8 : 16);
      return port;
    }),
  );
}

/** ofp_desc_stats (1.0.0, 5.3.5), ofp_desc (1.3.5, 7.3.5.1). */
function desc({ datapath }: Identity): Buffer {
  const body = Buffer.alloc(1_056);
  body.write("holdfast", 0);
  body.write("generated", 256);
  body.write("load", 512);
  body.write(datapath.toString(16).padStart(16, "0"), 768);
  body.write("a generated switch", 800);
  return body;
}
