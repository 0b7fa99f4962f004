import {
  chmod,
  type FileHandle,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AuditLog } from "../../../src/mirror/inline/audit-log.js";
import { type AuditRecord, recordsIn, writtenRecord } from "../../../src/mirror/multiplexer/audit-record.js";
import { message } from "../../../src/mirror/openflow/message.js";

const record = (xid: number): AuditRecord => ({
  ...({
    at: 1_700_000_000_000_000n,
    from: xid % 2 === 0 ? "pool" : "master",
    client: "10.0.1.7 40001",
  } as const),
  message: message(4, 14, xid, Buffer.alloc(48)),
  reached: xid % 3 !== 0,
});
const size = writtenRecord(record(1)).length;

let directory: string;
let path: string;
const logs: AuditLog[] = [];
const opened = (bounds: { file: number; older: number; waiting: number }) => {
  const log = new AuditLog(path, bounds);
  logs.push(log);
  return log;
};
const xidsIn = async (file: string) =>
  [...recordsIn(await readFile(file))].map((each) => each.message.readUInt32BE(4));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "audit-"));
  path = join(directory, "audit");
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.end();
  await rm(directory, { recursive: true });
});

test("what is written comes back, and a record that is cut short is left out", () => {
  const all = [1, 2, 3, 6].map(record);
  expect([...recordsIn(Buffer.concat(all.map(writtenRecord)))]).toEqual(all);
  const bytes = Buffer.concat([writtenRecord(record(1)), writtenRecord(record(2))]);
  for (let cut = 1; cut < size; cut += 1)
    expect([...recordsIn(bytes.subarray(0, bytes.length - cut))]).toEqual([record(1)]);
});

test("it is its owner's alone, and goes on where it was", async () => {
  for (const xid of [1, 2]) {
    const log = opened({ file: 10_000, older: 1, waiting: 10_000 });
    log.add(record(xid));
    await log.end();
  }
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await xidsIn(path)).toEqual([1, 2]);
});

test("one that stood there open to others is closed to them", async () => {
  await writeFile(path, writtenRecord(record(1)));
  await chmod(path, 0o644);
  const log = opened({ file: 10_000, older: 1, waiting: 10_000 });
  log.add(record(2));
  await log.flush();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await xidsIn(path)).toEqual([1, 2]);
});

test.each(["moved", "removed", "cut off", "replaced"])(
  "one that somebody %s is begun anew, and nothing that comes is lost",
  async (what) => {
    const log = opened({ file: 10_000, older: 1, waiting: 10_000 });
    log.add(record(1));
    await log.flush();
    if (what === "moved") await rename(path, `${path}-old`);
    else if (what === "cut off") await truncate(path, 0);
    else await rm(path);
    if (what === "replaced") await writeFile(path, writtenRecord(record(9)));
    for (const xid of [2, 3]) {
      log.add(record(xid));
      await log.flush();
    }
    expect([log.dropped, log.trouble]).toEqual([0, null]);
    expect(await xidsIn(path)).toEqual(what === "replaced" ? [9, 2, 3] : [2, 3]);
    if (what === "moved") expect(await xidsIn(`${path}-old`)).toEqual([1]);
  },
);

test("asked to, it lets its file go at once, behind what waited", async () => {
  const log = opened({ file: 10_000, older: 1, waiting: 10_000 });
  log.add(record(1));
  await log.flush();
  await rename(path, `${path}-old`);
  const held = async () =>
    (
      await Promise.all(
        (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
      )
    ).filter((each) => each.startsWith(path));
  expect(await held()).toEqual([`${path}-old`]);
  log.add(record(2));
  await log.reopen();
  expect([await held(), await xidsIn(path)]).toEqual([[], [2]]);
});

test("files are begun anew before they grow too large, and the oldest one goes", async () => {
  const log = opened({ file: 2 * size, older: 2, waiting: 10_000 });
  for (let xid = 1; xid <= 9; xid += 1) {
    log.add(record(xid));
    await log.flush();
  }
  expect((await readdir(directory)).sort()).toEqual(["audit", "audit.1", "audit.2"]);
  expect([await xidsIn(path), await xidsIn(`${path}.1`), await xidsIn(`${path}.2`)]).toEqual([
    [9],
    [7, 8],
    [5, 6],
  ]);
});

test.each([1, 3, size - 1])(
  "behind a record that lost its last %d bytes with its node, a file of its own is begun, and all else can be read",
  async (lost) => {
    for (const xids of [
      [1, 2],
      [3, 4],
    ]) {
      const log = opened({ file: 10_000, older: 2, waiting: 10_000 });
      for (const xid of xids) log.add(record(xid));
      await log.end();
      if (xids[0] === 1) await truncate(path, 2 * size - lost);
    }
    expect([await xidsIn(path), await xidsIn(`${path}.1`)]).toEqual([[3, 4], [1]]);
  },
);

test("zeros that a disk without power left behind are no records", async () => {
  await writeFile(path, Buffer.concat([writtenRecord(record(1)), Buffer.alloc(4_096)]));
  const log = opened({ file: 10_000, older: 2, waiting: 10_000 });
  log.add(record(2));
  await log.end();
  expect([await xidsIn(path), await xidsIn(`${path}.1`)]).toEqual([[2], [1]]);
});

test("what a full disk took half is taken back, so that what comes later can be read", async () => {
  const log = opened({ file: 10_000, older: 1, waiting: 10_000 });
  log.add(record(1));
  await log.flush();
  const probe = await open(join(directory, "probe"), "w");
  const handles = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const append = vi.spyOn(handles, "appendFile").mockImplementationOnce(async function (
    this: FileHandle,
    bytes,
  ) {
    await this.write((bytes as Buffer).subarray(0, 20));
    throw new Error("ENOSPC: no space left on device, write");
  });
  log.add(record(2));
  await log.flush();
  expect([log.dropped, log.trouble]).toEqual([1, expect.stringContaining("ENOSPC")]);
  log.add(record(3));
  await log.flush();
  append.mockRestore();
  expect([log.trouble, await xidsIn(path)]).toEqual([null, [1, 3]]);
});

test("what a slow disk does not take is counted, and not kept", async () => {
  const log = opened({ file: 10_000, older: 1, waiting: 3 * size });
  for (let xid = 1; xid <= 5; xid += 1) log.add(record(xid));
  await log.flush();
  expect([log.dropped, await xidsIn(path)]).toEqual([2, [1, 2, 3]]);
});

test("a place where nothing can be written is told, and costs the sessions nothing", async () => {
  path = join(directory, "nowhere", "audit");
  const log = opened({ file: 10_000, older: 1, waiting: 10_000 });
  log.add(record(1));
  await log.flush();
  expect(log.trouble).toContain("ENOENT");
  expect(log.dropped).toBe(1);
});
