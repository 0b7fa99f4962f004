import { once } from "node:events";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hookEvent } from "../../src/vpn/hook-event.js";
import { repository } from "./deployment.js";
import { type Sandbox, sandbox } from "./sandbox.js";

const socket = "/run/holdfast/vpn.sock";
const silence = { exitCode: 0, stdout: "", stderr: "" };

const login = {
  common_name: "host 1, and more",
  time_unix: "1796011498",
  trusted_ip: "192.0.2.11",
  trusted_port: "44553",
  ifconfig_pool_remote_ip: "10.100.200.1",
  ifconfig_pool_remote_ip6: "fd00:100::c8:1",
};
const session = { name: "host 1, and more", since: 1796011498, from: "192.0.2.11:44553" };

describe("the program that OpenVPN's hooks run", () => {
  let machine: Sandbox;
  beforeEach(async () => {
    machine = await sandbox();
    await machine.must("mkdir", "/run/holdfast");
  });
  afterEach(() => machine[Symbol.asyncDispose]());

  /** One that waits is killed, and exits 124. */
  const run = (variables: Readonly<Record<string, string>>, ...words: string[]) => {
    const set = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
    return machine.run([
      "env",
      "-i",
      ...set,
      "/usr/bin/timeout",
      "3",
      repository("programs/vpn-event.pl"),
      ...words,
    ]);
  };

  /** What the agent is told, one text for each run. */
  async function agent(): Promise<{ said: Promise<string>[]; close: () => void }> {
    const said: Promise<string>[] = [];
    const server = createServer((connection) => void said.push(text(connection)));
    server.listen(`/proc/${machine.pid}/root${socket}`);
    await once(server, "listening");
    return { said, close: () => server.close() };
  }

  test("says what each hook is about, as the agent reads it, and nothing else", async () => {
    const { said, close } = await agent();
    const secret = { password: "of a user", IV_VER: "2.6.14", tls_id_0: "CN=host1" };
    const hooks = { ...login, ...secret };
    expect(await run({ ...hooks, script_type: "client-connect" }, "/tmp/openvpn_cc.tmp")).toEqual(silence);
    expect(
      await run({ ...hooks, script_type: "learn-address" }, "update", "10.100.210.0/24", "host1"),
    ).toEqual(silence);
    expect(await run({ ...hooks, script_type: "client-disconnect" })).toEqual(silence);
    expect(await run({ script_type: "learn-address" }, "delete", "10.100.200.1")).toEqual(silence);
    await expect.poll(() => said.length).toBe(4);
    close();
    const texts = await Promise.all(said);
    const destinations = ["10.100.200.1/32", "fd00:100::c8:1/128"];
    expect(texts.map(hookEvent)).toEqual([
      { value: { kind: "connect", login: { session, destinations } } },
      { value: { kind: "learn", session, destination: "10.100.210.0/24" } },
      { value: { kind: "disconnect", session } },
      { value: null },
    ]);
    expect(texts.join("")).not.toMatch(/password|IV_|tls_|openvpn_cc/);
  });

  test("a client cannot add words of its own, nor so many that the agent reads none", async () => {
    const { said, close } = await agent();
    const forged = { ...login, common_name: "a\ncommon_name=b", script_type: "client-connect" };
    expect(await run(forged)).toEqual(silence);
    expect(await run({ ...login, common_name: "a".repeat(100_000), script_type: "client-connect" })).toEqual(
      silence,
    );
    await expect.poll(() => said.length).toBe(2);
    close();
    const [first = "", second = ""] = await Promise.all(said);
    expect(hookEvent(first)).toMatchObject({ value: { login: { session: { name: "a_common_name=b" } } } });
    expect(second.length).toBeLessThan(1_000);
  });

  test("lets every client in, silently and at once, whatever is missing", async () => {
    const connect = { ...login, script_type: "client-connect" };
    expect(await run(connect), "no socket").toEqual(silence);
    expect(await run({}), "no variables").toEqual(silence);
    expect(await run({ script_type: "learn-address" }), "no arguments").toEqual(silence);
    const bind = `import socket; socket.socket(socket.AF_UNIX).bind("${socket}")`;
    await machine.must("/usr/bin/python3", "-c", bind);
    expect(await run(connect), "nobody behind the socket").toEqual(silence);
    await machine.must("rm", socket);
    const listen = `import socket, time; s = socket.socket(socket.AF_UNIX); s.bind("${socket}"); s.listen(1); time.sleep(60)`;
    machine.start("/usr/bin/python3", "-c", listen);
    await expect.poll(async () => (await machine.run(["test", "-S", socket])).exitCode).toBe(0);
    for (const _ of Array(5))
      expect(await run(connect), "an agent that hangs, its queue full").toEqual(silence);
  });
});
