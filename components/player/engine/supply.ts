import { SECOND } from '@/lib/kernel/time'

/**
 * What keeps the next part of a stream away. used-up: all that the server has is in hand, and it says that there is no more ·
 * awaited: asked for, and the server has not begun to answer · arriving: on its way · silent: nothing is heard of the server.
 */
export type Supply = 'used-up' | 'awaited' | 'arriving' | 'silent'

/** A playlist is asked for every second at least, and answered from memory. */
const SILENCE = 2.5 * SECOND
/**
 * Ms. A young channel lists its next segments before they exist: one that lets itself be awaited while other answers come is not there.
 */
const LATE = 0.5 * SECOND
/** Seconds; the end of a list and the end of what is decoded of it differ by a frame or two. */
const AS_GOOD_AS_ALL = 0.5

export interface SupplyWatch {
  asked: (request: object, isMedia: boolean) => void
  /** The head of the answer is here. */
  begun: (request: object) => void
  /** `isAnswered`: whatever the server said, it said something. */
  ended: (request: object, isAnswered: boolean) => void
  /** Another address is loaded. */
  reset: () => void
  /** Both in seconds; `listedEnd` null: all there will ever be is listed. */
  read: (listedEnd: number | null, bufferedEnd: number) => Supply | null
}

interface Errand {
  isMedia: boolean
  isBegun: boolean
  /** Ms, of the same clock. */
  askedAt: number
}

/** Follows what a player asks the server for. */
export function createSupplyWatch(now: () => number = () => performance.now()): SupplyWatch {
  const errands = new Map<object, Errand>()
  let heardAt = now()
  const heard = () => {
    heardAt = now()
  }
  return {
    asked: (request, isMedia) => void errands.set(request, { isMedia, isBegun: false, askedAt: now() }),
    begun: request => {
      const errand = errands.get(request)
      if (errand) errand.isBegun = true
      heard()
    },
    ended: (request, isAnswered) => {
      errands.delete(request)
      if (isAnswered) heard()
    },
    reset: () => {
      errands.clear()
      heard()
    },
    read: (listedEnd, bufferedEnd) => {
      const media = [...errands.values()].filter(({ isMedia }) => isMedia)
      if (media.some(({ isBegun }) => isBegun)) return 'arriving'
      if (listedEnd !== null && now() - heardAt > SILENCE) return 'silent'
      const isMissing = media.length > 0 && media.every(({ askedAt }) => heardAt - askedAt > LATE)
      if (listedEnd !== null && (isMissing || listedEnd - bufferedEnd < AS_GOOD_AS_ALL)) return 'used-up'
      return media.length > 0 ? 'awaited' : null
    },
  }
}
