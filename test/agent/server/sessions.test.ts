import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  codeLife,
  type Person,
  Sessions,
  sessionIdle,
  sessionLife,
} from "../../../src/agent/server/sessions.js";
import type { Identity } from "../../../src/api/identity.js";

const judges = { cluster: "campus", ca: "", crl: "" };
const who = (name: string): Identity => ({ cluster: "campus", role: "operator", name });
const day = 86_400_000;

function person(name: string, state: { why: string | null } = { why: null }, end = Date.now() + day): Person {
  return { identity: who(name), certificate: { trouble: () => state.why, end } };
}

const begun = (sessions: Sessions, of: Person, now = 0): string =>
  sessions.begin(sessions.codeFor(of, now), now) ?? "none";

test("a code begins one session, of the person who asked for it", () => {
  const sessions = new Sessions(() => judges);
  const code = sessions.codeFor(person("anna"), 0);
  const token = sessions.begin(code, 1_000);
  expect(sessions.of(String(token), 2_000)?.identity).toEqual(who("anna"));
  expect(sessions.begin(code, 2_000), "a second time").toBeNull();
  expect(sessions.begin(String(token), 2_000), "the token of a session").toBeNull();
  expect(sessions.of(code, 2_000), "the code as a token").toBeNull();
  for (const wrong of ["", "x", code.slice(0, -1), `${code}a`])
    expect(sessions.begin(wrong, 2_000)).toBeNull();
});

test("a code is good for two minutes, and not once its certificate is not", () => {
  const sessions = new Sessions(() => judges);
  const [late, timely] = [sessions.codeFor(person("anna"), 0), sessions.codeFor(person("anna"), 1)];
  expect(sessions.begin(late, codeLife)).toBeNull();
  expect(sessions.begin(timely, codeLife)).not.toBeNull();
  const state: { why: string | null } = { why: null };
  const code = sessions.codeFor(person("ben", state), 0);
  state.why = "it was revoked";
  expect(sessions.begin(code, 1)).toBeNull();
  state.why = null;
  expect(sessions.begin(code, 1), "it was used up").toBeNull();
});

test("a session ends after twelve hours however busy it is, and after one hour of silence", () => {
  const sessions = new Sessions(() => judges);
  const [busy, idle] = [begun(sessions, person("anna")), begun(sessions, person("ben"))];
  for (let now = 0; now < sessionLife; now += sessionIdle / 2) expect(sessions.of(busy, now)).not.toBeNull();
  expect(sessions.of(busy, sessionLife)).toBeNull();
  expect(sessions.of(idle, sessionIdle)).toBeNull();
  expect(sessions.of(idle, 0), "what is over stays over").toBeNull();
});

test("a session ends with its certificate, and when the node is another cluster's", () => {
  let cluster = "campus";
  const sessions = new Sessions(() => ({ ...judges, cluster }));
  const state: { why: string | null } = { why: null };
  const [anna, root] = [
    begun(sessions, person("anna", state)),
    begun(sessions, { identity: who("root"), certificate: null }),
  ];
  state.why = "it was revoked";
  expect([sessions.of(anna, 1), sessions.of(root, 1)?.identity.name]).toEqual([null, "root"]);
  state.why = null;
  expect(sessions.of(anna, 1), "also when a list says nothing of it any more").toBeNull();
  cluster = "other";
  expect(sessions.of(root, 1)).toBeNull();
});

test("what is left of a session is no more than what is left of its certificate", () => {
  const sessions = new Sessions(() => judges);
  const short = begun(sessions, person("anna", { why: null }, Date.now() + 60_000));
  expect(sessions.of(short, 0)?.left).toBeLessThanOrEqual(60_000);
  expect(sessions.of(begun(sessions, person("ben")), 3_600_000 - 1)?.left).toBe(11 * 3_600_000 + 1);
});

test("signing out ends one session and no other", () => {
  const sessions = new Sessions(() => judges);
  const [one, other] = [begun(sessions, person("anna")), begun(sessions, person("anna"))];
  sessions.end(one);
  sessions.end("nothing that there is");
  expect([sessions.of(one, 1), sessions.of(other, 1)?.identity.name]).toEqual([null, "anna"]);
});

test("however many are begun, they are bounded, and one person's do not push out another's", () => {
  const sessions = new Sessions(() => judges);
  const ben = begun(sessions, person("ben"));
  const anna = Array.from({ length: 500 }, () => begun(sessions, person("anna")));
  expect(sessions.of(ben, 1)).not.toBeNull();
  expect(anna.filter((token) => sessions.of(token, 1) !== null)).toEqual(anna.slice(-32));
  for (let n = 0; n < 1_000; n++) begun(sessions, person(`p${n}`));
  expect(sessions).toHaveProperty("sessions.kept.length", 256);
  for (let n = 0; n < 1_000; n++) sessions.codeFor(person(`p${n}`), 0);
  expect(sessions).toHaveProperty("codes.kept.length", 64);
});

test("nothing in memory is a code or a cookie that could be used", () => {
  const sessions = new Sessions(() => judges);
  const [code, token] = [sessions.codeFor(person("anna"), 0), begun(sessions, person("ben"))];
  const memory = inspect(sessions, { depth: 20, showHidden: true, maxArrayLength: null });
  expect(memory).toContain("anna");
  for (const secret of [code, token]) expect(memory).not.toContain(secret);
});
