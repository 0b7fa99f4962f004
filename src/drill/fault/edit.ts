import type { Machine } from "../../lab/lab.js";
import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** How a file is written anew: what follows its path, and its new content. */
export interface Edit {
  readonly words: string;
  readonly content: (body: string) => string;
}

type Status = NonNullable<Awaited<ReturnType<Machine["host"]["status"]>>>;

/** Somebody writes a rendered file anew, past the program. Its mode and owner stay. */
export const edit = (role: NodeRole, path: string, { words, content }: Edit): Fault => ({
  undoing: "the file is as it was again",
  on({ [role]: machine }) {
    let before: { readonly body: string; readonly status: Status } | null = null;
    return {
      ...{ text: `${path} on ${machine} ${words}`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        const { host } = lab.machine(machine);
        const [body, status] = [await host.read(path), await host.status(path)];
        if (body === null || status === null) throw new Error(`there is no ${path} on ${machine}`);
        before = { body, status };
        await host.swap(await host.stage(path, content(body), status), path);
      }),
      async undo({ lab }) {
        if (before === null) return;
        const { host } = lab.machine(machine);
        await host.swap(await host.stage(path, before.body, before.status), path);
      },
    };
  },
});
