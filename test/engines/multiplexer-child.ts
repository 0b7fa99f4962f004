import { Command } from "commander";
import { registerMultiplexer } from "../../src/cli/multiplexer.js";

// What the command loads as it runs.
export { Accounts } from "../../src/host/accounts.js";
export { MultiplexerProgram } from "../../src/mirror/inline/program.js";
export { doorsDirectory } from "../../src/render/multiplexer-doors.js";
export { paths } from "../../src/render/paths.js";

/** `holdfast multiplexer`, and nothing else of holdfast. */
const program = new Command("holdfast");
registerMultiplexer(program);
await program.parseAsync(["multiplexer"], { from: "user" });
