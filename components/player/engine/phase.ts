export type Phase = 'idle' | 'loading' | 'playing' | 'paused' | 'buffering' | 'ended' | 'failed'
export type PhaseEvent = 'open' | 'moving' | 'halted' | 'starved' | 'finished' | 'broken' | 'closed'

const always = { open: 'loading', closed: 'idle' } as const
const running = { moving: 'playing', halted: 'paused', starved: 'buffering', finished: 'ended', broken: 'failed' } as const

/** A loading player waits for its first picture: a "waiting" event of the browser is no news then. */
const table: Readonly<Record<Phase, Partial<Record<PhaseEvent, Phase>>>> = {
  idle: { open: 'loading' },
  loading: { ...always, moving: 'playing', halted: 'paused', broken: 'failed' },
  playing: { ...always, ...running },
  buffering: { ...always, ...running },
  paused: { ...always, moving: 'playing', finished: 'ended', broken: 'failed' },
  ended: { ...always, moving: 'playing', broken: 'failed' },
  failed: always,
}

/** Browsers send events late and twice; one that has no meaning in this phase changes nothing. */
export function nextPhase(phase: Phase, event: PhaseEvent): Phase {
  return table[phase][event] ?? phase
}
