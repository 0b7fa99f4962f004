import { bundleAdd } from "./bundle.js";
import { Type, typeName, typesOf } from "./message-type.js";

/** Commands that send packets or change the switch, in OpenFlow 1.3.5's words of 6.3.4. SET_CONFIG concerns a connection, not the switch. */
const denied = /^(PACKET_OUT|FLOW_MOD|GROUP_MOD|PORT_MOD|TABLE_MOD|METER_MOD)$/;
const tables = Array.from({ length: 7 }, (_, version) =>
  Uint8Array.from({ length: 256 }, (_, type) => (denied.test(typeName(version, type)) ? 1 : 0)),
);

/** OFPMP_TABLE_FEATURES: with a body it sets them (OpenFlow 1.3.5, 7.3.5.5.1). */
const tableFeatures = 12;
/** Header, type, flags, padding. */
const partHead = 16;

/** Whether a slave may not say this to the switch; nor may it have a bundle do so. */
export function isDenied(bytes: Buffer, at: number, length: number): boolean {
  const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
  if (tables[version]?.[type] === 1 || bundleAdd(bytes, at, length) !== null) return true;
  return (
    version >= 4 &&
    type === typesOf(version).multipartRequest &&
    length > partHead &&
    bytes.readUInt16BE(at + 8) === tableFeatures
  );
}

/** Whether a slave that set nothing hears of this unasked: of ports alone (OpenFlow 1.3.5, 6.3.4), and of its own role (1.4.1, 7.4.4). */
export const reachesSlaves = (type: number): boolean => type === Type.portStatus || type === Type.roleStatus;
