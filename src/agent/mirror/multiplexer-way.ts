import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import { parseServers, showServers } from "../../observe/haproxy.js";
import { throughMultiplexer } from "../../render/haproxy.js";
import { paths } from "../../render/paths.js";

/** Milliseconds for one answer. */
const answerWithin = 1_000;

/**
 * Tells HAProxy (management guide, `set server … health`) what its checks would find out later: that no session is to go
 * by the multiplexer, which is gone, and that it may again. They have the last word.
 */
export class MultiplexerWay {
  #open = true;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: Pick<Host, "ask">,
    private readonly log: Logger,
  ) {}

  /** Of these services, all of whose sessions go past it from now on. */
  close(services: readonly string[]): void {
    if (!this.#open) return;
    this.#open = false;
    this.#tell(services, "down");
  }

  /** It serves all of these. */
  open(services: readonly string[]): void {
    if (this.#open) return;
    this.#open = true;
    this.#tell(services, "up");
  }

  #tell(services: readonly string[], health: "up" | "down"): void {
    this.#last = this.#last
      .then(() => this.#set(services, health))
      .catch((error: Error) =>
        this.log.warn({ why: error.message, health }, "HAProxy is not told of the multiplexer"),
      );
  }

  async #set(services: readonly string[], health: "up" | "down"): Promise<void> {
    const servers = parseServers(await this.host.ask(paths.haproxyAdmin, `${showServers}\n`, answerWithin));
    // A server that is down itself is so by way of the multiplexer, too.
    const told = servers.filter(({ service, up }) => services.includes(service) && (up || health === "down"));
    const commands = told.map(
      ({ service, name }) => `set server ${throughMultiplexer(service)}/${name} health ${health}`,
    );
    if (commands.length === 0) return;
    const answer = await this.host.ask(paths.haproxyAdmin, `${commands.join("; ")}\n`, answerWithin);
    if (answer.trim() !== "") throw new Error(answer.trim());
  }
}
