import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A browser without a window, with one page of its own. */
export interface Browser {
  /** What the page has in its console, a line each. */
  console(page: string): Promise<readonly string[]>;
  /** By how many pixels it is wider than a window of that width. */
  overflow(page: string, width: number): Promise<number>;
  screenshot(page: string, width: number): Promise<Buffer>;
  pdf(page: string): Promise<Buffer>;
  remove(): void;
}

/** Says how wide the page is where the test reads it: a page of ours has no script, and admits none. */
const measure = "<script>document.title = String(document.documentElement.scrollWidth - innerWidth)</script>";

/** Debian's Chromium. Each call is a process of its own, with a profile of its own. */
export function openBrowser(): Browser {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-browser-"));
  let visits = 0;
  const visit = async (page: string, ...options: readonly string[]) => {
    const file = join(folder, "page.html");
    writeFileSync(file, page);
    visits += 1;
    const profile = `--user-data-dir=${join(folder, `profile-${visits}`)}`;
    const common = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", profile];
    return await execa("chromium", [...common, ...options, `file://${file}`], { timeout: 50_000 });
  };
  return {
    async console(page) {
      const { stderr } = await visit(page, "--enable-logging=stderr", "--dump-dom");
      return stderr.split("\n").filter((line) => line.includes(":CONSOLE"));
    },
    async overflow(page, width) {
      const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
      const measured = open.replace("</body>", `${measure}</body>`);
      const { stdout } = await visit(measured, `--window-size=${width},900`, "--dump-dom");
      return Number(/<title>(-?\d+)<\/title>/.exec(stdout)?.[1]);
    },
    async screenshot(page, width) {
      const image = join(folder, "page.png");
      await visit(page, `--window-size=${width},1600`, `--screenshot=${image}`);
      return readFileSync(image);
    },
    async pdf(page) {
      const paper = join(folder, "page.pdf");
      await visit(page, "--no-pdf-header-footer", `--print-to-pdf=${paper}`);
      return readFileSync(paper);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
