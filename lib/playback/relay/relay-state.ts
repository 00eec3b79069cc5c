export const relayStates = ['idle', 'connecting', 'live', 'waiting', 'closed'] as const
export type RelayState = (typeof relayStates)[number]

// idle: nobody has asked yet. connecting: one source is being tried. live: frames arrive. waiting: all sources have just
// failed and a pause runs. closed: for good; whoever wants the channel again opens a new relay.
const moves: Record<RelayState, readonly RelayState[]> = {
  idle: ['connecting', 'closed'],
  connecting: ['live', 'connecting', 'waiting', 'closed'],
  live: ['connecting', 'waiting', 'closed'],
  waiting: ['connecting', 'closed'],
  closed: [],
}

/** The next state. Throws for a move that does not exist: it would mean two loops driving one relay. */
export function moveRelay(from: RelayState, to: RelayState): RelayState {
  if (!moves[from].includes(to)) throw new Error(`relay cannot go from ${from} to ${to}`)
  return to
}
