/** The one door to a machine. Real and lab machines differ only behind it. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Whole, or piece by piece: then the program starts before the first piece is there. */
  readonly stdin?: string | AsyncIterable<string>;
  /** Takes the program's output piece by piece as it comes; the result's `stdout` is empty then. */
  readonly take?: (piece: string) => void;
  /** Ahead of whatever else wants a processor, but for programs at real-time priority (nice(2)). */
  readonly urgent?: boolean;
  /** Milliseconds; default 10,000. A command that takes longer is killed and `run` rejects. */
  readonly timeout?: number;
}

export interface FileStatus {
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  readonly size: number;
}

export interface ServiceStatus {
  readonly running: boolean;
  /** As the host's own namespace counts; null when not running. */
  readonly pid: number | null;
  /** Times it was started again since boot. */
  readonly restarts: number;
}

/** systemd on a real machine, the supervisor in the lab. Names are those of render/daemons. */
export interface Services {
  status(name: string): Promise<ServiceStatus>;
  /** Starts it and keeps it running, also after the next boot; nothing happens if it runs. */
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** Makes it read its configuration again without ending a session; starts it if it does not run. */
  reload(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  /** Starts it at every boot from now on. */
  enable(name: string): Promise<void>;
  /** Starts it at no boot from now on; what runs keeps running. */
  disable(name: string): Promise<void>;
  /** Reads unit files again after one was written or removed (systemctl daemon-reload); nothing happens where there are none. */
  reloadUnits(): Promise<void>;
}

export interface Host {
  /** For messages. */
  readonly name: string;
  /** The whole file as UTF-8, or null when there is none. */
  read(path: string): Promise<string | null>;
  status(path: string): Promise<FileStatus | null>;
  /** Names in a directory, sorted; empty when there is none. */
  list(path: string): Promise<string[]>;
  /**
   * Writes `body` beside `path` with its final mode and owner, fsynced, and returns the staged name.
   * Directories on the way are made (0755). `path` itself is untouched until `swap`.
   */
  stage(
    path: string,
    body: string,
    attributes: { mode: number; user: string; group: string },
  ): Promise<string>;
  /** Renames `staged` over `path` and fsyncs the directory. */
  swap(staged: string, path: string): Promise<void>;
  /** Removes what was staged or linked for `path` and did not come to its end; nothing happens when there is nothing. */
  unstage(path: string): Promise<void>;
  /** Makes `path` a symbolic link to `target`, in one step. */
  link(target: string, path: string): Promise<void>;
  /** Where the symbolic link `path` points, as an absolute path on this machine; null when there is no such link. */
  linked(path: string): Promise<string | null>;
  /** Removes a file, a link or a directory with what is in it; nothing happens when there is none. */
  remove(path: string): Promise<void>;
  /** Runs argv (never a shell). Rejects only when the program cannot be run or times out; see exitCode. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Sends one request to a Unix stream socket on this machine and returns all it answers until it closes. */
  ask(socketPath: string, request: string, timeout?: number): Promise<string>;
  /** Runs `work` while holding the machine's exclusive holdfast lock; rejects at once when it is taken. */
  lock<T>(work: () => Promise<T>): Promise<T>;
  readonly services: Services;
  /** Milliseconds since the epoch. */
  now(): number;
}
