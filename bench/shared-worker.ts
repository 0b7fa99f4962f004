import { createServer } from "node:net";
import { SharedService } from "../src/mirror/inline/shared-service.js";
import type { Writes } from "../src/mirror/multiplexer/shared-answers.js";

/** `SOCKET POOL-PORT MASTER-PORT WRITES`: what stands in the path of a service's sessions, on this machine's loopback. */
const [path = "", poolPort, masterPort, writes = "forward"] = process.argv.slice(3);
const address = "127.0.0.1";
const master = { address, port: Number(masterPort), writes: "error", queue: 4 * 2 ** 20 } as const;
const service = new SharedService(
  { master, forwards: true, writes: writes as Writes },
  () => performance.now(),
  { said: () => undefined },
);
createServer({ pauseOnConnect: false }, (socket) =>
  service.accept(socket, { name: "c1", address, port: Number(poolPort) }),
).listen(path, () => process.send?.("listening"));
setInterval(() => service.tick(), 100);
process.once("SIGTERM", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
