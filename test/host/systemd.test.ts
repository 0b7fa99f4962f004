import { expect, test } from "vitest";
import { parse, systemd } from "../../src/host/systemd.js";

/** Answers `systemctl show` like a machine whose only unit is in `state`, and notes what it was told to do. */
function machine(state: string) {
  const told: string[] = [];
  const run = async (argv: readonly string[]) => {
    if (argv[2] !== "show") told.push(argv.slice(2).join(" "));
    return { exitCode: 0, stdout: state, stderr: "" };
  };
  return { told, services: systemd(run) };
}

test("a unit that runs shows its process and how often systemd started it again", () => {
  expect(parse("MainPID=77\nNRestarts=2\nActiveState=active\n")).toEqual({
    running: true,
    pid: 77,
    restarts: 2,
  });
  expect(parse("MainPID=0\nNRestarts=0\nActiveState=inactive\n")).toEqual({
    running: false,
    pid: null,
    restarts: 0,
  });
});

test("a reload never restarts what runs, and starts what does not, for good", async () => {
  const running = machine("ActiveState=active\nMainPID=7\nNRestarts=0\n");
  await running.services.reload("haproxy");
  expect(running.told).toEqual(["reload haproxy.service"]);
  const stopped = machine("ActiveState=inactive\nMainPID=0\nNRestarts=0\n");
  await stopped.services.reload("haproxy");
  expect(stopped.told).toEqual(["enable --now haproxy.service"]);
});

test("what systemctl complains of is the error", async () => {
  const services = systemd(async () => ({
    exitCode: 5,
    stdout: "",
    stderr: "Unit haproxy.service not loaded.\n",
  }));
  await expect(services.stop("haproxy")).rejects.toThrow(
    "systemctl stop haproxy.service: Unit haproxy.service not loaded.",
  );
});
