import 'server-only'

/** Set by server.mjs from the socket (or a trusted proxy's header) on every request; whatever a client sends under this name is dropped there. */
const HEADER = 'x-client-address'

export const clientAddress = (headers: Headers): string => headers.get(HEADER) ?? 'unknown'
