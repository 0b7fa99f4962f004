import { must } from "../src/lab/command.js";

/** Where this machine itself gets Debian from. Asked when it is needed, and written into no file of the project. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

export async function aptSources(): Promise<AptSource[]> {
  const { stdout } = await must([
    ...["apt-get", "indextargets", "--format", "$(REPO_URI)\t$(RELEASE)\t$(COMPONENT)"],
    "Created-By: Packages",
  ]);
  const sources = new Map<string, AptSource>();
  for (const line of stdout.split("\n").filter(Boolean)) {
    const [uri = "", suite = "", component = ""] = line.split("\t");
    const known = sources.get(`${uri} ${suite}`)?.components ?? [];
    sources.set(`${uri} ${suite}`, { uri, suite, components: [...known, component] });
  }
  return [...sources.values()];
}

/** The lines of sources.list(5). */
export const sourcesList = (sources: readonly AptSource[]): string =>
  sources.map(({ uri, suite, components }) => `deb ${uri} ${suite} ${components.join(" ")}\n`).join("");

/** What has this machine's apt work on the packages of another root: its state there, the mirror as configured here. */
export const aptIn = (root: string): string[] => [
  "apt-get",
  "--quiet=2",
  ...["-o", `Dir::State=${root}/var/lib/apt`],
  ...["-o", `Dir::State::status=${root}/var/lib/dpkg/status`],
  ...["-o", `Dir::Cache::archives=${root}/var/cache/apt/archives`],
];
