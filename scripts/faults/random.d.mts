/** `query`: username and password as parameters; `path`: as two segments. */
export function randomRequests(
  seed: number,
  line: { query: string; path: string },
  there: readonly string[],
): () => { path: string; method: string }
