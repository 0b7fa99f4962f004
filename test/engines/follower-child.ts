import { pino } from "pino";
import { Follower } from "../../src/agent/drift/follower.js";

/** Follows what ip-monitor(8) tells, until it is killed. */
new Follower(["ip", "monitor", "route"], () => process.stdout.write("follows\n"), pino({ enabled: false }));
