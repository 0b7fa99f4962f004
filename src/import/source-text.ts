/** A file that is to be imported. */
export interface SourceText {
  /** As the operator named it. */
  readonly file: string;
  readonly text: string;
}

/** One line cut into words, comments gone. */
export interface WordLine {
  readonly words: readonly string[];
  readonly line: number;
}

/** Largest file that is read, in characters. */
export const largest = 1024 * 1024;

/** A block of a keepalived file, or a single line of it when `body` is null. */
export interface Statement extends WordLine {
  readonly body: readonly Statement[] | null;
}
