/** For the tests. */
export declare function versionOf(repository: string): string;
