/** For the tests. */
export declare function emptyPlace(folder: string): void;
