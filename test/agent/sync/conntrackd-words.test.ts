import { expect, test } from "vitest";
import { parseCounts, parseOverruns } from "../../../src/agent/sync/conntrackd-words.js";

/** conntrackd 1.4.7, `-s`, on a standby that has just been sent 1,500 entries. */
const counts = `cache internal:
current active connections:	        1000
connections created:		        1500	failed:	           0
connections updated:		           0	failed:	           0
connections destroyed:		         500	failed:	           0

external inject:
connections created:		         500	failed:	           7
connections updated:		        1000	failed:	           0
connections destroyed:		           3	failed:	           0

traffic processed:
                   0 Bytes                         0 Pckts

UDP traffic (active device=s0):
               84216 Bytes sent                  264 Bytes recv
                 129 Pckts sent                   17 Pckts recv
                   0 Error send                    0 Error recv

message tracking:
                   0 Malformed msgs                    0 Lost msgs
`;

test("what conntrackd counts is read, what it refused is not among what it took", () => {
  expect(parseCounts(counts)).toEqual({ cached: 1_000, injected: 1_500, received: 17 });
});

test("packets of all links count", () => {
  const second = counts.slice(counts.indexOf("UDP traffic")).replace("17 Pckts recv", "5 Pckts recv");
  expect(parseCounts(`${counts}\n${second}`)?.received).toBe(22);
});

test("anything else is no count", () => {
  expect(parseCounts("")).toBeNull();
  expect(parseCounts("cache internal:\ncurrent active connections:\t 3\n")).toBeNull();
});

test("news that the kernel could not hand over are counted", () => {
  expect(
    parseOverruns("netlink stats:\n\tcatch event failed:\t 0\n\tnetlink overrun:\t\t          12\n"),
  ).toBe(12);
  expect(parseOverruns("")).toBe(0);
});
