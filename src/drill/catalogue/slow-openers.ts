import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";
import { slowOpeners } from "../fault/slow-openers.js";
import { aService } from "../needs.js";

const seconds = 5;

export const slowOpenersDrill: Drill = {
  name: "slow-openers",
  summary: "200 connections to the first service are opened and say nothing",
  why: "Nobody waits for them: each is a connection of its own, and those of others are served meanwhile.",
  needs: aService,
  fault: slowOpeners({ connections: 200, seconds }),
  expect: () => noMove,
  watch: () => seconds * 1_000 + 500,
  deadline: 20_000,
  safe: false,
};
