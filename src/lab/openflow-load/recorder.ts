import { createServer } from "node:net";
import { Recording } from "./recording.js";

/**
 * Runs on a machine of the lab, `ADDRESS PORT`: a controller that greets, asks who is there, probes every 5 s, changes
 * nothing, and keeps account of all that it is told. Prints a line of JSON for every connection that there was when SIGUSR1 or
 * SIGTERM comes, and behind them one with their number.
 */
const [address, port] = process.argv.slice(2);
const recordings: Recording[] = [];
const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

function tell(): void {
  for (const recording of recordings) print(recording.line);
  print({ schema: "holdfast/openflow-record/v1", connections: recordings.length });
}

createServer((socket) => void recordings.push(new Recording(socket))).listen(Number(port), address, () =>
  print({ listening: true }),
);
process.on("SIGUSR1", tell);
process.once("SIGTERM", () => {
  tell();
  process.exit(0);
});
