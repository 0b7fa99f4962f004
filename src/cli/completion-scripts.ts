import type { CompletionNode, Value } from "./command-tree.js";

type Tree = readonly CompletionNode[];
type Script = (tree: Tree) => string;

/** Follows the words typed so far down the tree; the branches of `case` are the same for bash and zsh. */
const walk = (tree: Tree): string =>
  tree
    .slice(1)
    .map(({ path }) => `      "${path}") at="$next" ;;`)
    .join("\n");

/** What may follow a command. */
const branches = (tree: Tree, variable: string): string =>
  tree
    .map(({ path, words, options }) => {
      const offered = [...words.map(({ name }) => name), ...options.map(({ flag }) => flag)];
      return `      "${path}") ${variable}="${offered.join(" ")}" ;;`;
    })
    .join("\n");

/** A pattern of `case` for the options after which such a value stands. */
const before = (tree: Tree, value: Value): string =>
  tree
    .flatMap(({ path, options }) =>
      options.filter((option) => option.value === value).map(({ flag }) => `"${path} ${flag}"`),
    )
    .join("|");

/** The words that may follow an option. */
const values = (tree: Tree, variable: string): string =>
  tree
    .flatMap(({ path, options }) =>
      options.flatMap(({ flag, value }) =>
        typeof value === "string" ? [] : [`    "${path} ${flag}") ${variable}="${value.join(" ")}" ;;`],
      ),
    )
    .join("\n");

/** A branch of `case`; none where no option has such a value. */
const branch = (pattern: string, work: string): string =>
  pattern === "" ? "" : `    ${pattern}) ${work} ;;\n`;

const bash: Script = (tree) => `# bash completion of holdfast; made by 'holdfast completion bash'
_holdfast() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local at="holdfast" next words="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="$at \${COMP_WORDS[i]}"
    case "$next" in
${walk(tree)}
    esac
  done
  case "$at $previous" in
${branch(before(tree, "file"), 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return')}\
${branch(before(tree, "any"), "return")}\
${values(tree, "words")}
    *) case "$at" in
${branches(tree, "words")}
    esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _holdfast holdfast
`;

const zsh: Script = (tree) => `#compdef holdfast
# zsh completion of holdfast; made by 'holdfast completion zsh'
_holdfast() {
  local at="holdfast" next words_here="" i
  for ((i = 2; i < CURRENT; i++)); do
    next="$at \${words[i]}"
    case "$next" in
${walk(tree)}
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${branch(before(tree, "file"), "_files; return")}\
${branch(before(tree, "any"), "return")}\
${values(tree, "words_here")}
    *) case "$at" in
${branches(tree, "words_here")}
    esac ;;
  esac
  compadd -- \${=words_here}
}
if [ "$funcstack[1]" = "_holdfast" ]; then _holdfast "$@"; else compdef _holdfast holdfast; fi
`;

const fish: Script = (tree) => {
  const lines = tree.flatMap(({ path, words, options }) => {
    const condition = `-n '__holdfast_at ${path}'`;
    return [
      ...words.map(
        ({ name, description }) =>
          `complete -c holdfast -f ${condition} -a ${name} -d ${shellQuoted(description)}`,
      ),
      ...options.map(({ flag, description, value }) => {
        const option = flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
        return `complete -c holdfast ${condition} ${option}${fishValue(value)} -d ${shellQuoted(description)}`;
      }),
    ];
  });
  const paths = tree.slice(1).map(({ path }) => `"${path}"`);
  return `# fish completion of holdfast; made by 'holdfast completion fish'
function __holdfast_at --description 'whether the words typed so far lead to this command'
    set -l at holdfast
    for word in (commandline -opc)[2..-1]
        if contains -- "$at $word" ${paths.join(" ")}
            set at "$at $word"
        end
    end
    test "$at" = "$argv"
end
${lines.join("\n")}
`;
};

function fishValue(value: Value): string {
  if (value === "none") return "";
  if (value === "file") return " -r -F";
  return value === "any" ? " -x" : ` -x -a ${shellQuoted(value.join(" "))}`;
}

const shellQuoted = (text: string): string => `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;

/** The script of each shell that can be completed. */
export const scripts = { bash, zsh, fish } as const;
export type Shell = keyof typeof scripts;
