import type { Socket } from "node:net";
import { bodyOf, message, xidOf } from "../../mirror/openflow/message.js";
import { Type } from "../../mirror/openflow/message-type.js";
import { Framer } from "../../mirror/stream/framer.js";
import { agreedWith, controllerHello } from "./controller-greeting.js";
import { flowModTemplate, react } from "./reaction.js";

/** Answers every PACKET_IN of one switch with one FLOW_MOD, all of a piece at once. */
export function respond(socket: Socket): void {
  let version = 0;
  let template: Buffer = Buffer.alloc(0);
  let out: Buffer[] = [];
  /** Where the PACKET_INs of the run stand that is told next. */
  let asked: number[] = [];
  const framer = new Framer({
    seen: (type, bytes, at, length) => {
      if (type === Type.packetIn && version !== 0) asked.push(at);
      else {
        const answer = answerTo(bytes.subarray(at, at + length));
        if (answer !== null) out.push(answer);
      }
    },
    messages: (bytes) => {
      if (asked.length === 0) return;
      const answers = Buffer.allocUnsafe(asked.length * template.length);
      asked.forEach((at, index) => {
        template.copy(answers, index * template.length);
        react(answers, index * template.length, version, bytes, at);
      });
      out.push(answers);
      asked = [];
    },
    resynced: () => undefined,
  });

  function answerTo(bytes: Buffer): Buffer | null {
    const type = bytes.readUInt8(1);
    if (type === Type.hello) return begin(bytes);
    return type === Type.echoRequest ? message(version, Type.echoReply, xidOf(bytes), bodyOf(bytes)) : null;
  }

  function begin(hello: Buffer): Buffer | null {
    const agreed = agreedWith(hello);
    if (agreed === null) {
      socket.end();
      return null;
    }
    version = agreed;
    template = flowModTemplate(version);
    return message(version, Type.featuresRequest, 2);
  }

  socket.setNoDelay(true);
  socket.write(controllerHello);
  socket.on("data", (bytes) => {
    framer.data(bytes);
    if (!framer.inStep) return void socket.destroy();
    if (out.length > 0) socket.write(out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out));
    out = [];
  });
  socket.on("error", () => socket.destroy());
}
