import type { Sandbox } from "./sandbox.js";

/** Of the sandbox, with all that the test makes. */
export const place = "/run/vpn";
const hook = `${process.cwd()}/programs/vpn-event.pl`;
export const socketOfHooks = "/run/holdfast/vpn.sock";
export const managementSocket = `${place}/management.sock`;
export const password = "one of this test";

const serverConfig = `
dev tun0
proto udp6
mode server
tls-server
topology subnet
ifconfig 10.100.100.1 255.255.255.0
ifconfig-pool 10.100.100.10 10.100.100.200 255.255.255.0
ifconfig-ipv6 fd00:100:a::1/80 ::
ifconfig-ipv6-pool fd00:100:a::1000/80
push "topology subnet"
keepalive 1 3
explicit-exit-notify 2
client-config-dir ${place}/fixed
ca ${place}/ca.crt
cert ${place}/server.crt
key ${place}/server.key
dh none
remote-cert-tls client
management ${managementSocket} unix ${place}/password
script-security 2
client-connect ${hook}
client-disconnect ${hook}
learn-address ${hook}
`;

/** host1 keeps its addresses, and has a network behind it. */
const fixed = `
ifconfig-push 10.100.200.1 255.255.0.0
ifconfig-ipv6-push fd00:100::c8:1/64
iroute 10.100.210.0 255.255.255.0
`;

async function write(machine: Sandbox, path: string, body: string): Promise<void> {
  const owner = { user: "root", group: "root" };
  await machine.install([{ path, mode: 0o600, owner, engine: "agent", body }]);
}

async function certificates(machine: Sandbox, names: Readonly<Record<string, string>>): Promise<void> {
  const openssl = (...words: string[]) => machine.must("openssl", ...words);
  const keyed = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const [ca, caKey] = [`${place}/ca.crt`, `${place}/ca.key`];
  await openssl(...keyed, "-x509", "-days", "2", "-subj", "/CN=ca", "-keyout", caKey, "-out", ca);
  for (const [name, usage] of Object.entries(names)) {
    const file = `${place}/${name}`;
    // `remote-cert-tls` wants both.
    const body = `keyUsage=digitalSignature,keyAgreement\nextendedKeyUsage=${usage}\n`;
    await write(machine, `${file}.ext`, body);
    await openssl(...keyed, "-subj", `/CN=${name}`, "-keyout", `${file}.key`, "-out", `${file}.csr`);
    const signed = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-days", "2", "-extfile", `${file}.ext`];
    await openssl("x509", "-req", "-in", `${file}.csr`, ...signed, "-out", `${file}.crt`);
  }
}

const clients = { host1: 11, END: 12 } as const;
export type ClientName = keyof typeof clients;

/** A server, and for each client a network namespace of its own that reaches it over both families. */
export async function network(machine: Sandbox): Promise<void> {
  const { must } = machine;
  const ip = (...words: string[]) => must("ip", ...words);
  await must("mkdir", "-p", `${place}/fixed`, "/run/holdfast", "/run/netns");
  await certificates(machine, { server: "serverAuth", host1: "clientAuth", END: "clientAuth" });
  await write(machine, `${place}/password`, `${password}\n`);
  await write(machine, `${place}/fixed/host1`, fixed);
  await write(machine, `${place}/server.conf`, serverConfig);
  await ip("link", "add", "br0", "type", "bridge");
  await ip("addr", "add", "192.0.2.1/24", "dev", "br0");
  await ip("addr", "add", "2001:db8::1/64", "dev", "br0", "nodad");
  await ip("link", "set", "br0", "up");
  for (const [name, number] of Object.entries(clients)) {
    const port = `port${number}`;
    await ip("netns", "add", name);
    await ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name);
    await ip("link", "set", port, "master", "br0", "up");
    await ip("-n", name, "addr", "add", `192.0.2.${number}/24`, "dev", "eth0");
    await ip("-n", name, "addr", "add", `2001:db8::${number}/64`, "dev", "eth0", "nodad");
    await ip("-n", name, "link", "set", "eth0", "up");
  }
}

export function startServer({ start }: Sandbox): void {
  start("openvpn", "--config", `${place}/server.conf`, "--log", `${place}/server.log`);
}

/** @param remote the server's address, of either family */
export function startClient({ start }: Sandbox, name: ClientName, remote: string): void {
  const files = [
    "--ca",
    `${place}/ca.crt`,
    "--cert",
    `${place}/${name}.crt`,
    "--key",
    `${place}/${name}.key`,
  ];
  const [proto, pid] = [remote.includes(":") ? "udp6" : "udp4", `${place}/${name}.pid`];
  const words = ["--client", "--dev", "tun0", "--nobind", "--remote-cert-tls", "server", "--proto", proto];
  const exit = ["--explicit-exit-notify", "1", "--writepid", pid, "--log", `${place}/${name}.log`];
  start("ip", "netns", "exec", name, "openvpn", ...words, "--remote", remote, "1194", ...files, ...exit);
}

export async function endClient({ must }: Sandbox, name: ClientName, signal: "TERM" | "KILL"): Promise<void> {
  await must("kill", `-${signal}`, (await must("cat", `${place}/${name}.pid`)).trim());
}
