import { expect, test } from "vitest";
import { standingOf } from "../../src/deploy/pool-live.js";

const columns =
  "be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port";
const usual = {
  ...{ srv_id: "1", srv_addr: "10.0.2.11", srv_op_state: "2", srv_admin_state: "0", srv_uweight: "1" },
  ...{
    srv_time_since_last_change: "7",
    srv_check_status: "15",
    srv_check_result: "3",
    srv_check_health: "4",
  },
  ...{ srv_check_state: "6", srv_port: "6653" },
};

/** HAProxy's answer to `show servers state`, of one server. */
function answer(changed: Partial<typeof usual> = {}): string {
  const fields: Record<string, string> = { ...usual, ...changed, be_name: "openflow", srv_name: "c1" };
  return `1\n# ${columns}\n${columns
    .split(" ")
    .map((column) => fields[column] ?? "0")
    .join(" ")}\n`;
}

test.each([
  ["its last change is longer ago", { srv_time_since_last_change: "8" }],
  ["it is down", { srv_op_state: "0", srv_check_result: "2", srv_check_health: "0", srv_check_status: "8" }],
  ["a check is just under way", { srv_check_state: "7" }],
])("a server stands as before although %s", (_, change) => {
  expect(standingOf(answer(change))).toBe(standingOf(answer()));
});

test.each([
  ["address", { srv_addr: "10.0.2.12" }],
  ["port", { srv_port: "6654" }],
  ["weight", { srv_uweight: "2" }],
  ["number", { srv_id: "2" }],
  ["administrative state", { srv_admin_state: "8" }],
  ["check, that somebody switched off", { srv_check_state: "2" }],
])("a server stands otherwise with another %s", (_, change) => {
  expect(standingOf(answer(change))).not.toBe(standingOf(answer()));
});
