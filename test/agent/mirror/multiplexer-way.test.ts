import { pino } from "pino";
import { expect, test } from "vitest";
import { MultiplexerWay } from "../../../src/agent/mirror/multiplexer-way.js";
import { FakeHost } from "../../host/fake-host.js";

const shown = `# pxname,svname,scur,status,check_status,last_chk
openflow,c1,2,UP,L4OK,
openflow,c2,0,DOWN,L4CON,Connection refused
openflow.multiplexer,c1,2,UP,L4OK,
openflow.multiplexer,c2,0,DOWN,L4CON,
web,w1,2,UP,L4OK,
`;

function scene(answer = "\n") {
  const [host, asked, logged] = [new FakeHost("lb-a"), [] as string[], [] as string[]];
  host.faults.ask = (_, request) => {
    if (request.startsWith("show stat")) return shown;
    asked.push(request);
    return answer;
  };
  const log = pino({ base: null }, { write: (line) => logged.push(line) });
  return { way: new MultiplexerWay(host, log), asked, logged };
}

const until = (what: () => unknown) => expect.poll(what, { timeout: 5_000 });

test("HAProxy sends sessions past one that is gone, and through it again but to servers that are down themselves", async () => {
  const { way, asked } = scene();
  way.close(["openflow"]);
  way.close(["openflow"]);
  way.open(["openflow"]);
  way.open(["openflow"]);
  const [c1, c2] = ["set server openflow.multiplexer/c1 health", "set server openflow.multiplexer/c2 health"];
  await until(() => asked).toEqual([`${c1} down; ${c2} down\n`, `${c1} up\n`]);
});

test("one that was never gone is not announced", async () => {
  const { way, asked } = scene();
  way.open(["openflow"]);
  way.close(["openflow"]);
  await until(() => asked.length).toBe(1);
  expect(asked[0]).toContain("health down");
});

test("what HAProxy refuses is in the log, and the next word is said all the same", async () => {
  const { way, asked, logged } = scene("No such server.\n");
  way.close(["openflow"]);
  way.open(["openflow"]);
  await until(() => asked.length).toBe(2);
  await until(() => logged.length).toBe(2);
  expect(logged[0]).toContain("No such server.");
});
