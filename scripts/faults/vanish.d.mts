/** `run` is the program `ip`. */
export function layCable(run?: (...words: string[]) => unknown): { name: string; pull(): void; remove(): void }
