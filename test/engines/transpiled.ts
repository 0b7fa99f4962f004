import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");

/**
 * Puts a TypeScript program of this repository, and what it imports from it, as JavaScript below `directory`, so that
 * a process of its own can run it. Returns the program's new path.
 */
export async function transpiled(program: string, directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  await writeFile(join(directory, "package.json"), '{ "type": "module" }');
  const done = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (done.has(path)) return;
    done.add(path);
    const source = await readFile(path, "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      },
    });
    const target = join(directory, relative(root, path)).replace(/\.ts$/, ".js");
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, outputText);
    for (const [, imported = ""] of outputText.matchAll(/from "(\.[^"]+)\.js"/g))
      await visit(`${resolve(dirname(path), imported)}.ts`);
  };
  await visit(join(root, program));
  return join(directory, program.replace(/\.ts$/, ".js"));
}
