import { type ErrorCode, errorCodes } from '@/lib/kernel/error-codes'
import type { Failure } from './engine/failure'

export type FailureAction = 'again' | 'source' | 'back' | 'sources' | 'live'

interface Words {
  title: string
  side: keyof typeof sides
  /** In place of the sentence of the code table, which speaks to somebody who adds a source. */
  what?: string
  next: string
  actions: readonly FailureAction[]
}

const sides = {
  provider: 'The fault is on your provider’s side.',
  server: 'The fault is on our side.',
  browser: 'Your provider and our server are fine; this browser is the limit.',
  line: 'The trouble is the connection between this device and the server.',
  account: 'This is about your account, not about the stream.',
  nobody: '',
} as const

const retry: readonly FailureAction[] = ['again', 'source', 'back']
const other: readonly FailureAction[] = ['source', 'back']
const login: readonly FailureAction[] = ['sources', 'source', 'back']

const silent: Words = {
  title: 'No picture is coming',
  side: 'provider',
  next: 'Try again in a moment.',
  actions: retry,
}
const mute: Words = { ...silent, what: 'Your provider is not sending this right now. We tried several times.' }

const unreadable: Words = {
  title: 'The stream makes no sense',
  side: 'provider',
  next: 'Another source of the same channel may be intact.',
  actions: retry,
}
const renewed: Words = {
  title: 'This stream has run out',
  side: 'nobody',
  next: 'Start it again; it takes a second.',
  actions: ['again', 'back'],
}
const blocked: Words = {
  title: 'This address is not allowed',
  side: 'provider',
  next: 'Take another source, or ask the person who runs this server.',
  actions: other,
}
const ours: Words = {
  title: 'Something went wrong here',
  side: 'server',
  next: 'Try again. If it stays, tell the person who runs this server the code below.',
  actions: ['again', 'back'],
}

/** One catalogue of words for every failure a player can meet. What exactly happened comes from the server or the code table. */
const words: Partial<Record<ErrorCode, Words>> = {
  UNAVAILABLE: {
    title: 'No connection to the server',
    side: 'line',
    next: 'Check the network of this device, then try again.',
    actions: ['again', 'back'],
  },
  NOT_SIGNED_IN: { title: 'You have been signed out', side: 'account', next: 'Go back and sign in again.', actions: ['back'] },
  FORBIDDEN: {
    title: 'Not part of your account',
    side: 'account',
    next: 'Ask the person who runs this server.',
    actions: ['back'],
  },
  ACCESS_ENDED: {
    title: 'The time of your account is over',
    side: 'account',
    next: 'What you have set up stays as it is.',
    actions: ['again', 'back'],
  },
  BEDTIME: { title: 'It is bedtime', side: 'nobody', next: 'Sleep well.', actions: ['again', 'back'] },
  NOT_FOUND: {
    title: 'This is no longer here',
    side: 'nobody',
    next: 'The provider may have renamed or removed it. Look for it again in the list.',
    actions: ['back'],
  },
  TOO_MANY_REQUESTS: {
    title: 'A little too fast',
    side: 'nobody',
    next: 'Wait a few seconds and try again.',
    actions: ['again', 'back'],
  },
  PICTURE_LIMIT: {
    title: 'More than your account includes',
    side: 'account',
    next: 'Another source may be smaller, or ask the person who runs this server.',
    actions: other,
  },
  DRM_UNSUPPORTED: {
    title: 'This is protected',
    side: 'browser',
    next: 'Open it in another browser; Chrome, Edge and Safari each unlock other kinds.',
    actions: other,
  },
  LICENCE_REFUSED: {
    title: 'No permission to play this',
    side: 'provider',
    next: 'Ask the person who runs this server.',
    actions: other,
  },
  KEY_WRONG: {
    title: 'The key for this does not seem to fit',
    side: 'provider',
    next: 'Take another source, or ask whoever gave you the playlist or runs this server for the right key.',
    actions: other,
  },
  UPSTREAM_DNS: mute,
  UPSTREAM_UNREACHABLE: mute,
  UPSTREAM_TIMEOUT: mute,
  UPSTREAM_EMPTY: mute,
  UPSTREAM_STALLED: { ...mute, title: 'The picture stopped' },
  UPSTREAM_NOT_MEDIA: unreadable,
  UPSTREAM_PROTOCOL_ERROR: unreadable,
  UPSTREAM_TOO_MANY_REDIRECTS: unreadable,
  UPSTREAM_TLS: unreadable,
  PLAYLIST_INVALID: unreadable,
  PLAYLIST_LOOP: unreadable,
  UPSTREAM_ADDRESS_BLOCKED: blocked,
  UPSTREAM_REDIRECT_UNSAFE: blocked,
  UPSTREAM_PORT_BLOCKED: blocked,
  UPSTREAM_SCHEME_NOT_ALLOWED: blocked,
  PROVIDER_REFUSED: {
    title: 'The provider does not let us in',
    side: 'provider',
    next: 'Check the user name and password of this source.',
    actions: login,
  },
  PROVIDER_EXPIRED: {
    title: 'The subscription has run out',
    side: 'provider',
    next: 'Renew it at the provider, or take another source.',
    actions: login,
  },
  PROVIDER_BANNED: {
    title: 'The provider has closed the account',
    side: 'provider',
    next: 'Ask the provider, or take another source.',
    actions: login,
  },
  PROVIDER_DISABLED: {
    title: 'The provider has closed the account',
    side: 'provider',
    next: 'Ask the provider, or take another source.',
    actions: login,
  },
  PROVIDER_BLOCKS_US: {
    title: 'The provider turns this server away',
    side: 'provider',
    next: 'It often passes after some minutes. Another source may play now.',
    actions: retry,
  },
  PROVIDER_BUSY: { ...silent, title: 'The provider is busy' },
  PROVIDER_DOWN: { ...silent, title: 'The provider is down' },
  PROVIDER_BAD_RESPONSE: unreadable,
  PROVIDER_CIRCUIT_OPEN: {
    ...silent,
    title: 'The provider needs a rest',
    next: 'Try again in half a minute, or take another source.',
  },
  PROVIDER_LIMIT: {
    title: 'All streams are in use',
    side: 'provider',
    next: 'Stop watching on another device, then try again. Another source may be free.',
    actions: retry,
  },
  TOKEN_INVALID: renewed,
  TOKEN_EXPIRED: renewed,
  TOKEN_SCOPE: renewed,
  STREAM_ENDED: renewed,
  STREAM_NOT_READY: { ...silent, title: 'The stream is not ready' },
  CODEC_UNSUPPORTED: {
    title: 'This browser cannot play it',
    side: 'browser',
    next: 'Another source may come in a format it knows; so may another browser.',
    actions: other,
  },
  FILM_FORMAT: {
    title: 'Nothing here can read this film',
    side: 'nobody',
    next: 'Take another source, or watch it in an app such as VLC: see “Other apps”.',
    actions: other,
  },
  FILM_BROKEN: {
    title: 'This film is damaged',
    side: 'provider',
    next: 'Take another source, or tell your provider.',
    actions: other,
  },
  TRANSCODE_BUSY: {
    title: 'The server is busy converting',
    side: 'server',
    what: 'This has to be converted for this browser, and the server is converting as much as it can for others.',
    next: 'Try again in a few minutes. Channels and sources that need no converting still play.',
    actions: retry,
  },
  TRANSCODE_LIMIT: {
    title: 'Converting took too long',
    side: 'server',
    next: 'Sources that need no converting still play.',
    actions: other,
  },
  RANGE_INVALID: {
    title: 'There is nothing at this place',
    side: 'provider',
    next: 'Start again, or take another source.',
    actions: retry,
  },
  NOT_ARCHIVED: {
    title: 'Not in the archive',
    side: 'nobody',
    next: 'The channel itself can still be watched.',
    actions: ['live', 'back'],
  },
  NOT_AIRED: {
    title: 'Too early for this',
    side: 'nobody',
    next: 'It can be had from its start a minute or two after it has begun.',
    actions: ['live', 'again', 'back'],
  },
  ARCHIVE_GAP: {
    title: 'The recording stops here',
    side: 'provider',
    next: 'Try another moment of the programme, or see what is on now.',
    actions: ['again', 'live', 'back'],
  },
  NO_SOURCE: {
    title: 'No source carries this any more',
    side: 'provider',
    next: 'Refresh your sources, or look for it elsewhere.',
    actions: ['sources', 'back'],
  },
  ALL_SOURCES_FAILED: {
    title: 'None of the sources is sending',
    side: 'provider',
    next: 'Try again in a minute.',
    actions: retry,
  },
  SECRET_UNREADABLE: ours,
  UNEXPECTED: ours,
}

export interface FailureText {
  title: string
  what: string
  side: string
  next: string
  actions: readonly FailureAction[]
}

/** What happened, whose side it is on, what to do next. */
export function describeFailure(failure: Failure): FailureText {
  const { title, side, what, next, actions } =
    words[failure.code] ?? (failure.retryable ? ours : { ...ours, next: 'Go back and choose something else.' })
  return { title, what: failure.say ?? what ?? errorCodes[failure.code].say, side: sides[side], next, actions }
}
