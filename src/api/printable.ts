/** What came over a network as one line: nothing in it may steer a terminal (UAX 44, the category C), or forge a line. */
export const printableLine = (text: string): string => text.replace(/\p{C}/gu, "?");

/** The same for text of several lines, which may have tabs. */
export const printableText = (text: string): string => text.replace(/[^\P{C}\n\t]/gu, "?");
