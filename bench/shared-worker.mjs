import { pino } from "pino";
import { MultiplexerProgram } from "../dist/mirror/inline/program.js";

// `DIRECTORY`: the multiplexer as a node runs it, with all that it has in one directory. Built, and by Node itself: what
// runs the benches has a way to other files that costs at every use of what they export.
const [directory] = process.argv.slice(2);
const places = {
  file: `${directory}/multiplexer.json`,
  doors: `${directory}/doors`,
  reports: `${directory}/reports.sock`,
  group: process.getgid(),
};
const program = await MultiplexerProgram.start(places, pino({ level: "warn" }, pino.destination(2)));
await program.reload();
process.send("serves");
for (const ending of ["SIGTERM", "disconnect"])
  process.once(ending, () => void program.end().then(() => process.exit(0)));
