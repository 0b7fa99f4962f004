import { detection } from "../../topology/timing.js";
import { allowance, aloneIsOwnerFor } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { isolation } from "../fault/isolation.js";

const lasts = 4_000;

export const witnessLost: Drill = {
  name: "witness-lost",
  summary: "the active node is cut off from the other one, from the witnesses and from everybody else",
  why: "The standby takes over as after a power loss, and keeps what it has, since a witness answers it. The node that hears neither a peer nor a witness gives the virtual IPs up by itself: as everything passes again it is a standby, and takes nothing back.",
  needs: ({ failover }) => failover.witnesses.length > 0,
  fault: isolation("active"),
  lasts,
  expect: (cluster) =>
    telling(
      {
        ...oneMove(cluster, detection(cluster) + allowance.takeover),
        twoOwnersAtMost: aloneIsOwnerFor(cluster),
      },
      "fault",
      "no-witness raised",
    ),
  watch: (cluster) => detection(cluster) + 2_000,
  deadline: 25_000,
  safe: false,
};
