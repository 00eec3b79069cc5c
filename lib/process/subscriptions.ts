import 'server-only'

/** The only place where "when X happens, do Y" is written. */
export function subscribeAll(): void {}
