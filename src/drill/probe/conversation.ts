import type { Greeting } from "./arguments.js";
import { answer, decode, echoRequest, hello, isGreeting, type as messageType } from "./openflow.js";

/** One side of a session: numbers go out, and come back when the server has seen them. */
export interface Conversation {
  /** Called once the connection stands. */
  begin(): void;
  /** Sends a number; false while the server has not greeted yet. */
  say(number: bigint): boolean;
  /** Takes what arrived; returns the numbers that came back. */
  hear(chunk: Buffer): bigint[];
}

type Send = (bytes: Buffer) => void;

export const conversation = (greeting: Greeting, index: number, send: Send): Conversation =>
  greeting === "openflow" ? openflowSwitch(index, send) : echoClient(send);

function numbered(number: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(number);
  return bytes;
}

function openflowSwitch(index: number, send: Send): Conversation {
  const datapathId = (BigInt(process.pid) << 16n) + BigInt(index);
  let rest: Buffer = Buffer.alloc(0);
  let greeted = false;
  return {
    begin: () => send(hello()),
    say: (number) => {
      if (greeted) send(echoRequest(Number(number & 0xffff_ffffn), numbered(number)));
      return greeted;
    },
    hear: (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      greeted ||= isGreeting(rest);
      const cut = decode(rest);
      rest = cut.rest;
      const back: bigint[] = [];
      for (const message of cut.messages) {
        if (message.type === messageType.echoReply && message.body.length === 8)
          back.push(message.body.readBigUInt64BE());
        const reply = answer(message, datapathId);
        if (reply) send(reply);
      }
      return back;
    },
  };
}

function echoClient(send: Send): Conversation {
  let rest: Buffer = Buffer.alloc(0);
  return {
    begin: () => {},
    say: (number) => {
      send(numbered(number));
      return true;
    },
    hear: (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      const back: bigint[] = [];
      for (; rest.length >= 8; rest = rest.subarray(8)) back.push(rest.readBigUInt64BE());
      return back;
    },
  };
}
