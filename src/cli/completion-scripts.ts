import type { CompletionNode } from "./command-tree.js";

type Script = (tree: readonly CompletionNode[]) => string;

const words = (node: CompletionNode): string[] => [
  ...node.commands.map(({ name }) => name),
  ...node.options.map(({ flag }) => flag),
];

/** Options after which a file name stands. */
const fileFlags = ["-f", "--file", "--out", "--plan", "--report"] as const;

/** Follows the words typed so far down the tree; the branches of `case` are the same for bash and zsh. */
const walk = (tree: readonly CompletionNode[]): string =>
  tree
    .slice(1)
    .map(({ path }) => `      "${path}") at="$next" ;;`)
    .join("\n");

const branches = (tree: readonly CompletionNode[]): string =>
  tree.map((node) => `    "${node.path}") words="${words(node).join(" ")}" ;;`).join("\n");

const bash: Script = (tree) => `# bash completion of holdfast; made by 'holdfast completion bash'
_holdfast() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local at="holdfast" next words="" i
  COMPREPLY=()
  case "$previous" in
    ${fileFlags.join("|")}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="$at \${COMP_WORDS[i]}"
    case "$next" in
${walk(tree)}
    esac
  done
  case "$at" in
${branches(tree)}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o filenames -F _holdfast holdfast
`;

const zsh: Script = (tree) => `#compdef holdfast
# zsh completion of holdfast; made by 'holdfast completion zsh'
_holdfast() {
  local at="holdfast" next words_here="" i
  case "\${words[CURRENT-1]}" in
    ${fileFlags.join("|")}) _files; return ;;
  esac
  for ((i = 2; i < CURRENT; i++)); do
    next="$at \${words[i]}"
    case "$next" in
${walk(tree)}
    esac
  done
  case "$at" in
${branches(tree).replaceAll('words="', 'words_here="')}
  esac
  compadd -- \${=words_here}
}
if [ "$funcstack[1]" = "_holdfast" ]; then _holdfast "$@"; else compdef _holdfast holdfast; fi
`;

const fish: Script = (tree) => {
  const lines = tree.flatMap((node) => {
    const condition = `-n '__holdfast_at ${node.path}'`;
    return [
      ...node.commands.map(
        ({ name, description }) =>
          `complete -c holdfast -f ${condition} -a ${name} -d ${shellQuoted(description)}`,
      ),
      ...node.options.map(({ flag, description, takesValue }) => {
        const option = flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
        return `complete -c holdfast ${condition} ${option}${takesValue ? " -r" : ""} -d ${shellQuoted(description)}`;
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

const shellQuoted = (text: string): string => `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;

/** The script of each shell that can be completed. */
export const scripts: ReadonlyMap<string, Script> = new Map([
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
]);
