/** Bytes of one event; the longest ones hold the refusals of engines. */
const longestEvent = 1024 * 1024;

/**
 * Reads server-sent events as our agents write them (HTML Living Standard, 9.2): ids, one line of data each, and
 * comments. Returns the data. Rejects when the stream is cut off in the middle of one, or an event has no end.
 */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const blocks = `${rest}${chunk}`.split("\n\n");
    rest = blocks.pop() ?? "";
    if (rest.length > longestEvent) throw new Error("an event of the stream has no end");
    for (const block of blocks)
      for (const line of block.split("\n"))
        if (line.startsWith(dataField)) yield line.slice(dataField.length);
  }
  if (rest !== "") throw new Error("the stream was cut off");
}

const dataField = "data: ";
