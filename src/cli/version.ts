/** The program's own version, part of every generation's digest. */
export const programVersion = "0.1.0";
