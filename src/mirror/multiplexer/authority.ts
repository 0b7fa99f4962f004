import { message, type RefusalName, refusal } from "../openflow/message.js";
import { Kind } from "../openflow/request-kind.js";
import { deposition, Role } from "../openflow/role.js";
import { AsyncArbiter } from "./async-arbiter.js";
import { RoleArbiter, type RoleGrant } from "./role-arbiter.js";
import type { Controller, Party, Request } from "./xid-table.js";

/** What the exchange does for it. */
export interface Desk {
  /** Puts a request to the switch. @returns the number under which it stands there */
  ask(from: Party, kind: Kind, request: Buffer, now: number): number;
  tell(controller: Controller, bytes: Buffer): void;
}

/** Types from 1.2 on (OpenFlow 1.3.5, 7.1; 1.4.1, 7.1). */
const Type = { roleRequest: 24, roleReply: 25, getAsyncReply: 27, setAsync: 28, roleStatus: 30 } as const;

/** Who hears a message, without a new list for each. */
const audiences = [[], ["pool"], ["master"], ["pool", "master"]] as const;

/** What two controllers on one connection may do, and what each hears unasked: their roles, and what they set (OpenFlow 1.3.5, 6.3.4). */
export class Authority {
  readonly #roles = new RoleArbiter();
  readonly #async = new AsyncArbiter();
  /** Roles that the switch was asked for. */
  readonly #grants = new Map<number, () => RoleGrant>();

  /** @param writes whether the master controller may write, and so contends for roles */
  constructor(
    private readonly desk: Desk,
    private readonly writes: boolean,
  ) {}

  /** @returns whether it is decided here; else it goes to the switch as it is */
  takes(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): boolean {
    const request = bytes.subarray(at, at + length);
    if (kind === Kind.role && this.writes) this.#askRole(from, request, now);
    else if (kind === Kind.setAsync) this.#setAsync(from, request, now);
    else if (kind === Kind.getAsync && this.#async.isSet) this.#tellAsync(from, request);
    else if (isChange(kind) && this.#roles.of(from) === Role.slave) this.#refuse(from, request, "isSlave");
    else return false;
    return true;
  }

  /** The switch answers what stands there under this number. @returns whether whoever asked was told so */
  answered(number: number, { party, xid }: Request, bytes: Buffer, at: number): boolean {
    const grant = this.#grants.get(number);
    if (grant === undefined || bytes.readUInt8(at + 1) !== Type.roleReply) return false;
    const version = bytes.readUInt8(at);
    const { body, deposed } = grant();
    if (party !== "multiplexer") this.desk.tell(party, message(version, Type.roleReply, xid, body));
    if (deposed !== null && version >= 5)
      this.desk.tell(deposed, message(version, Type.roleStatus, 0, deposition(body)));
    return true;
  }

  /** Nothing more answers this number. */
  closed(number: number): void {
    this.#grants.delete(number);
  }

  /** Who hears what the switch says unasked. */
  audience(bytes: Buffer, at: number, length: number): readonly Controller[] {
    const wants = (controller: Controller) =>
      this.#async.wants(controller, this.#roles.of(controller) === Role.slave, bytes, at, length);
    return audiences[(wants("pool") ? 1 : 0) + (wants("master") ? 2 : 0)] ?? [];
  }

  /** The master controller went; the next one begins anew. */
  leave(): void {
    this.#roles.leave("master");
    this.#async.leave("master");
  }

  #askRole(from: Controller, request: Buffer, now: number): void {
    const outcome = this.#roles.ask(from, request.subarray(8));
    const [version, xid] = [request.readUInt8(0), request.readUInt32BE(4)];
    if (outcome.kind === "refused") this.#refuse(from, request, outcome.why);
    else if (outcome.kind === "told")
      this.desk.tell(from, message(version, Type.roleReply, xid, outcome.body));
    else {
      const asked = message(version, Type.roleRequest, xid, outcome.body);
      this.#grants.set(this.desk.ask(from, Kind.role, asked, now), outcome.grant);
    }
  }

  #setAsync(from: Controller, request: Buffer, now: number): void {
    const [version, xid] = [request.readUInt8(0), request.readUInt32BE(4)];
    const body = this.#async.set(from, version, request.subarray(8));
    if (body === null) this.#refuse(from, request, "badLength");
    else this.desk.ask(from, Kind.setAsync, message(version, Type.setAsync, xid, body), now);
  }

  #tellAsync(from: Controller, request: Buffer): void {
    const [version, xid] = [request.readUInt8(0), request.readUInt32BE(4)];
    this.desk.tell(from, message(version, Type.getAsyncReply, xid, this.#async.told(from, version)));
  }

  #refuse(from: Controller, request: Buffer, why: RefusalName): void {
    this.desk.tell(from, refusal(request.readUInt8(0), request, why));
  }
}

/** What a slave may not do (OpenFlow 1.3.5, 6.3.4). */
const isChange = (kind: Kind): boolean => kind === Kind.write || kind === Kind.bundleAdd;
