import { poolOf } from "../../src/deploy/pool.js";

interface Server {
  name: string;
  address: string;
  port: string;
  id: number;
  weight: number;
  backup: boolean;
  /** Bits of srv_admin_state: 1 maintenance, 8 draining. */
  admin: number;
  checked: boolean;
  up: boolean;
  sessions: number;
}

/** HAProxy's servers as its worker's CLI shows and changes them (2.6.12), in its words. */
export class HaproxyInMemory {
  readonly backends = new Map<string, Server[]>();
  /** A command with this text in it is refused. */
  refuses: string | null = null;
  /** Every command but questions, in order. */
  readonly told: string[] = [];

  /** As a worker that starts with this file. */
  load(cfg: string): void {
    this.backends.clear();
    for (const [backend, servers] of poolOf(cfg) ?? [])
      this.backends.set(
        backend,
        servers.map(({ name, endpoint, id, weight, backup }) => ({
          ...{ name, ...split(endpoint), id, weight, backup },
          ...{ admin: 0, checked: true, up: true, sessions: 0 },
        })),
      );
  }

  /** All that takes new sessions, in one order. */
  serving(): string[] {
    return [...this.backends]
      .flatMap(([backend, servers]) =>
        servers
          .filter(({ admin }) => admin === 0)
          .map(({ name, address, port, id, weight, backup, checked }) =>
            [backend, name, address, port, id, weight, backup, checked].join(" "),
          ),
      )
      .sort();
  }

  server(backend: string, name: string): Server | undefined {
    return this.backends.get(backend)?.find((server) => server.name === name);
  }

  ask(request: string): string {
    return request
      .trim()
      .split(/; */)
      .map((command) => `${this.#do(command)}\n`)
      .join("");
  }

  #do(command: string): string {
    if (command === "show servers state") return this.#state();
    if (command.startsWith("show stat")) return this.#statistics();
    this.told.push(command);
    if (this.refuses !== null && command.includes(this.refuses)) return "Unable to do that.\n";
    const [verb = "", , place = "", ...args] = command.split(" ");
    const [backend = "", name = ""] = place.split("/");
    const servers = this.backends.get(backend);
    if (servers === undefined) return "No such backend.\n";
    if (verb === "add") return add(servers, name, args);
    const server = servers.find((own) => own.name === name);
    if (server === undefined) return "No such server.\n";
    if (verb === "enable") server.checked = true;
    if (verb === "del") return remove(servers, server);
    return verb === "set" ? set(server, args) : "";
  }

  #state(): string {
    const rows = [...this.backends].flatMap(([backend, servers]) =>
      servers.map(
        ({ name, address, port, id, weight, admin, checked, up }) =>
          `3 ${backend} ${id} ${name} ${address} ${up ? 2 : 0} ${admin} ${weight} ${weight} 9 15 3 4 ${checked ? 6 : 2} 0 0 1 - ${port} - 0 0 - - 0`,
      ),
    );
    return `1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n${rows.join("\n")}\n`;
  }

  #statistics(): string {
    const rows = [...this.backends].flatMap(([backend, servers]) =>
      servers.map(
        ({ name, sessions, admin, up, backup, weight }) =>
          `${backend},${name},${sessions},${statusOf(admin, up)},${weight},${backup ? "0,1" : "1,0"},`,
      ),
    );
    return `# pxname,svname,scur,status,weight,act,bck,\n${rows.join("\n")}\n`;
  }
}

const statusOf = (admin: number, up: boolean): string =>
  admin & 1 ? "MAINT" : up ? (admin & 8 ? "DRAIN" : "UP") : "DOWN";

/** Of a Unix socket HAProxy (2.6.12) does not say where that is. */
const split = (endpoint: string) => {
  if (endpoint.startsWith("unix@")) return { address: "-", port: "0" };
  const colon = endpoint.lastIndexOf(":");
  return { address: endpoint.slice(0, colon).replace(/^\[|\]$/g, ""), port: endpoint.slice(colon + 1) };
};

function add(servers: Server[], name: string, [endpoint = "", ...words]: string[]): string {
  const after = (word: string) => Number(words[words.indexOf(word) + 1]);
  const id = after("id");
  if (servers.some((own) => own.name === name))
    return "Already exists a server with the same name in backend.\n";
  if (servers.some((own) => own.id === id)) return `'id' : custom id ${id} already used.\n`;
  servers.push({
    ...{ name, ...split(endpoint), id, weight: after("weight"), backup: words.includes("backup") },
    ...{ admin: 1, checked: false, up: false, sessions: 0 },
  });
  return "New server registered.\n";
}

function remove(servers: Server[], server: Server): string {
  if (server.admin !== 1) return "Only servers in maintenance mode can be deleted.";
  if (server.sessions > 0) return "Server still has connections attached to it, cannot remove it.";
  servers.splice(servers.indexOf(server), 1);
  return "Server deleted.";
}

/** Checks pass at once here: a server is up when it is told to be ready. */
function set(server: Server, [what, value = "", , port]: string[]): string {
  if (what === "weight") server.weight = Number(value);
  if (what === "state") {
    server.admin = { ready: 0, drain: 8, maint: 1 }[value] ?? 0;
    server.up = value !== "maint";
  }
  if (what !== "addr") return "";
  const from = server.address;
  Object.assign(server, { address: value, port: port ?? server.port });
  return `IP changed from '${from}' to '${value}' by 'stats socket command'\n`;
}
