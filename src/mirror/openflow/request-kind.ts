import { Type, typeName } from "./message-type.js";

/** What a message from a controller asks of a switch. */
export const Kind = {
  /** Belongs to the connection, or answers what the switch asked: its number is not the controller's to choose. */
  own: 0,
  /** Answered only where it fails. */
  write: 1,
  /** Answered once. */
  question: 2,
  /** Asked, and answered, in one message or several. */
  multipart: 3,
  barrier: 4,
  role: 5,
  setAsync: 6,
  getAsync: 7,
  /** Has another message, with a header of its own, in it. */
  bundleAdd: 8,
  /** Of nobody's book but the experimenter's: it may be answered or not. */
  experimenter: 9,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

const kinds: Readonly<Record<string, Kind>> = {
  ...{ ECHO_REQUEST: Kind.question, FEATURES_REQUEST: Kind.question, GET_CONFIG_REQUEST: Kind.question },
  ...{ QUEUE_GET_CONFIG_REQUEST: Kind.question, BUNDLE_CONTROL: Kind.question },
  ...{ STATS_REQUEST: Kind.multipart, MULTIPART_REQUEST: Kind.multipart, BARRIER_REQUEST: Kind.barrier },
  ...{ ROLE_REQUEST: Kind.role, SET_ASYNC: Kind.setAsync, GET_ASYNC_REQUEST: Kind.getAsync },
  ...{ BUNDLE_ADD_MESSAGE: Kind.bundleAdd, EXPERIMENTER: Kind.experimenter },
  ...{ HELLO: Kind.own, ERROR: Kind.own, ECHO_REPLY: Kind.own },
};

/** By type, for each version: what is in no table is taken for something that is answered only where it fails. */
const tables = Array.from({ length: 7 }, (_, version) =>
  Uint8Array.from({ length: 256 }, (_, type) => kinds[typeName(version, type)] ?? Kind.write),
);

export const kindOf = (version: number, type: number): Kind => (tables[version]?.[type] ?? Kind.own) as Kind;

/** What each message of a switch's answers. */
const answers: Readonly<Record<string, Kind>> = {
  ...{ ECHO_REPLY: Kind.question, FEATURES_REPLY: Kind.question, GET_CONFIG_REPLY: Kind.question },
  ...{
    QUEUE_GET_CONFIG_REPLY: Kind.question,
    BUNDLE_CONTROL: Kind.question,
    EXPERIMENTER: Kind.experimenter,
  },
  ...{ STATS_REPLY: Kind.multipart, MULTIPART_REPLY: Kind.multipart, BARRIER_REPLY: Kind.barrier },
  ...{ ROLE_REPLY: Kind.role, GET_ASYNC_REPLY: Kind.getAsync },
};

/** By type, for each version: what is in no table may answer what is in none. */
const answered = Array.from({ length: 7 }, (_, version) =>
  Uint8Array.from({ length: 256 }, (_, type) => answers[typeName(version, type)] ?? Kind.write),
);

/** Whether a message of a switch's may answer what was asked, whatever its number says. */
export const mayAnswer = (kind: Kind, version: number, type: number): boolean =>
  type === Type.error || (answered[version]?.[type] ?? Kind.write) === kind;

/** What a switch says without having been asked (OpenFlow 1.3.5, 6.1.2; 1.5.1, 6.1.2), and to every controller that wants to hear it. */
const news =
  /^(PACKET_IN|FLOW_REMOVED|PORT_STATUS|ROLE_STATUS|TABLE_STATUS|REQUESTFORWARD|CONTROLLER_STATUS)$/;
const unasked = Array.from({ length: 7 }, (_, version) =>
  Uint8Array.from({ length: 256 }, (_, type) => (news.test(typeName(version, type)) ? 1 : 0)),
);
export const isNews = (version: number, type: number): boolean => unasked[version]?.[type] === 1;
