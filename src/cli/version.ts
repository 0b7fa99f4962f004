import { readFileSync } from "node:fs";

const manifest = new URL("../../package.json", import.meta.url);

/** The program's own version, part of every generation's digest: of the package it was installed from, or the checkout's. */
export const programVersion: string = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string })
  .version;
