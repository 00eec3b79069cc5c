import type { StallCause } from '@/lib/analytics/schema'
import { errorCodes, isErrorCode } from '@/lib/kernel/error-codes'
import { HOUR, MINUTE, SECOND } from '@/lib/kernel/time'

/** Why it stood still, as administrators read it. */
export const causes: Readonly<Record<StallCause, { label: string; hint: string }>> = {
  network: { label: 'Network', hint: 'It was there, and came too slowly to the viewer.' },
  source: { label: 'Source', hint: 'The provider had sent nothing new.' },
  decode: { label: 'Device', hint: 'It had arrived, and the device did not keep up.' },
  switch: { label: 'Change of source', hint: 'Another source was being opened.' },
  seek: { label: 'After a jump', hint: 'Not counted as standing still.' },
}

/** The cause of most of it; null where nothing stood still. */
export function mainCause(stalledMs: Readonly<Record<StallCause, number>>): StallCause | null {
  const { seek: _jumps, ...halts } = stalledMs
  const [cause, ms] = Object.entries(halts).reduce((most, one) => (one[1] > most[1] ? one : most))
  return ms > 0 ? (cause as StallCause) : null
}

/** "0.4 s", "35 s", "12 min", "3.5 h". */
export function sayLong(ms: number): string {
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < 2 * MINUTE) return `${Math.round(ms / SECOND)} s`
  return ms < 2 * HOUR ? `${Math.round(ms / MINUTE)} min` : `${(ms / HOUR).toFixed(1)} h`
}

const decisions: Readonly<Record<string, string>> = {
  LIVE_PACKAGED: 'Cut into pieces, unchanged',
  LIVE_UNKNOWN_CODECS: 'Cut into pieces, not looked into before',
  HLS_FROM_PROVIDER: 'Passed on as the provider sends it',
  FILE_AS_IS: 'File as it is',
  FILE_UNKNOWN_CODECS: 'File as it is, not looked into before',
  DIRECT_FROM_PROVIDER: 'Straight from the provider',
  VIDEO_CODEC: 'Converted: the browser does not know the picture’s format',
  AUDIO_CODEC: 'Converted: the browser does not know the sound’s format',
  CONTAINER: 'Packed anew: the browser does not open the file',
  SEVERAL_TRACKS: 'Packed anew: several languages',
  NO_INDEX: 'Packed anew: a file without an index',
  PROTECTED: 'Encrypted on its way',
  KEY_SYSTEM: 'No way to unlock it',
  INTERLACED: 'Converted: half frames',
  TOO_LARGE: 'Converted: a smaller picture',
  LADDER: 'Converted into several qualities',
  ASKED_FOR: 'Converted: the browser failed at it before',
}

/** How it was played, by the code of the decision. */
export const sayDecision = (code: string): string => decisions[code] ?? code

/** What a code of a failure means; null for one that this page does not know. */
export const sayError = (code: string): string | null => (isErrorCode(code) ? errorCodes[code].say : null)
