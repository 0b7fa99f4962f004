import { createServer } from "node:net";
import { respond } from "./responding.js";

/**
 * Runs on a machine of the lab, `ADDRESS PORT`: a controller that answers every PACKET_IN with one FLOW_MOD, as quickly as
 * it can, and does nothing else.
 */
const [address, port] = process.argv.slice(2);
createServer(respond).listen(Number(port), address, () => process.stdout.write("listening\n"));
process.once("SIGTERM", () => process.exit(0));
