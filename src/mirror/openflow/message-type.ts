/** Message types: the same in every version up to PORT_STATUS, and in all that have them beyond (OpenFlow 1.0.0, 5.1; 1.3.5, 7.1; 1.5.1, 7.1). */
export const Type = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  experimenter: 4,
  featuresRequest: 5,
  featuresReply: 6,
  getConfigRequest: 7,
  getConfigReply: 8,
  setConfig: 9,
  packetIn: 10,
  flowRemoved: 11,
  portStatus: 12,
  // From 1.2 on, 1.3 on, 1.4 on, 1.5 on.
  ...{ roleRequest: 24, roleReply: 25 },
  ...{ getAsyncRequest: 26, getAsyncReply: 27, setAsync: 28 },
  ...{ roleStatus: 30, tableStatus: 31, requestForward: 32 },
  controllerStatus: 35,
} as const;

const common = [
  ...["HELLO", "ERROR", "ECHO_REQUEST", "ECHO_REPLY", "EXPERIMENTER", "FEATURES_REQUEST", "FEATURES_REPLY"],
  ...["GET_CONFIG_REQUEST", "GET_CONFIG_REPLY", "SET_CONFIG", "PACKET_IN", "FLOW_REMOVED", "PORT_STATUS"],
  ...["PACKET_OUT", "FLOW_MOD"],
];
const first = [
  ...common,
  ...["PORT_MOD", "STATS_REQUEST", "STATS_REPLY", "BARRIER_REQUEST", "BARRIER_REPLY"],
  ...["QUEUE_GET_CONFIG_REQUEST", "QUEUE_GET_CONFIG_REPLY"],
];
const later = [
  ...common,
  ...["GROUP_MOD", "PORT_MOD", "TABLE_MOD", "MULTIPART_REQUEST", "MULTIPART_REPLY", "BARRIER_REQUEST"],
  ...["BARRIER_REPLY", "QUEUE_GET_CONFIG_REQUEST", "QUEUE_GET_CONFIG_REPLY", "ROLE_REQUEST", "ROLE_REPLY"],
  ...["GET_ASYNC_REQUEST", "GET_ASYNC_REPLY", "SET_ASYNC", "METER_MOD", "ROLE_STATUS", "TABLE_STATUS"],
  ...["REQUESTFORWARD", "BUNDLE_CONTROL", "BUNDLE_ADD_MESSAGE", "CONTROLLER_STATUS"],
];

/** The specification's name of a type, without its `OFPT_`. */
export const typeName = (version: number, type: number): string =>
  (version === 1 ? first : later)[type] ?? `TYPE_${type}`;

/** Types whose number changed after 1.0. */
export const typesOf = (version: number) =>
  version === 1
    ? { multipartRequest: 16, multipartReply: 17, barrierRequest: 18, barrierReply: 19 }
    : { multipartRequest: 18, multipartReply: 19, barrierRequest: 20, barrierReply: 21 };
