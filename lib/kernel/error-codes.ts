/**
 * Every failure the product can name. `status` is the HTTP status of our own API, `retryable` tells a job or a
 * screen whether trying again can help, `say` is the sentence a person reads when nothing more exact is known.
 */
interface CodeFacts {
  status: number
  retryable: boolean
  say: string
}

const table = {
  // Requests
  INVALID_PARAMETER: { status: 400, retryable: false, say: 'Something in this request is not in the form we expected.' },
  DUPLICATE_PARAMETER: { status: 400, retryable: false, say: 'A value was given twice.' },
  UNKNOWN_ACTION: { status: 400, retryable: false, say: 'This action does not exist.' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, say: 'That is larger than we accept.' },
  NOT_SIGNED_IN: { status: 401, retryable: false, say: 'Please sign in first.' },
  FORBIDDEN: { status: 403, retryable: false, say: 'Your account may not do this.' },
  BAD_ORIGIN: { status: 403, retryable: false, say: 'This request came from another site.' },
  NOT_FOUND: { status: 404, retryable: false, say: 'We could not find that.' },
  CONFLICT: { status: 409, retryable: false, say: 'That already exists or has changed meanwhile.' },
  TOO_MANY_REQUESTS: { status: 429, retryable: true, say: 'That was a lot at once. Wait a moment and try again.' },
  UNAVAILABLE: { status: 503, retryable: true, say: 'We are not ready yet. Try again in a few seconds.' },
  UNEXPECTED: {
    status: 500,
    retryable: true,
    say: 'Something went wrong on our side. Try again; if it stays, tell us the code below.',
  },

  // Accounts
  SIGN_IN_REFUSED: { status: 401, retryable: false, say: 'The address or the password is not right.' },
  ACCOUNT_DISABLED: {
    status: 403,
    retryable: false,
    say: 'This account has been switched off. Ask the person who runs this server.',
  },
  ACCESS_ENDED: {
    status: 403,
    retryable: false,
    say: 'The time of this account is over. Ask the person who runs this server to extend it.',
  },
  BEDTIME: {
    status: 403,
    retryable: false,
    say: 'It is bedtime for this profile. Whoever owns the account set this, and can change it in Settings.',
  },
  SIGN_UP_CLOSED: {
    status: 403,
    retryable: false,
    say: 'New accounts are not open here. Ask the person who runs this server for an invitation.',
  },
  INVITE_INVALID: { status: 400, retryable: false, say: 'This invitation has been used or has run out. Ask for a new one.' },
  RESET_INVALID: { status: 400, retryable: false, say: 'This link has been used or has run out. Ask for a new one.' },
  EMAIL_TAKEN: { status: 409, retryable: false, say: 'There is already an account with this address.' },
  PASSWORD_WRONG: { status: 400, retryable: false, say: 'The current password is not right.' },
  ALREADY_SET_UP: { status: 409, retryable: false, say: 'This server has already been set up. Sign in instead.' },
  USERNAME_RESERVED: { status: 409, retryable: false, say: 'This name is reserved. Choose another.' },

  // Device lines
  LINE_REFUSED: { status: 401, retryable: false, say: 'The user name or the password is not right.' },
  LINE_ENDED: { status: 403, retryable: false, say: 'This login has run out or has been switched off.' },
  LINE_NOT_HERE: { status: 403, retryable: false, say: 'This login may not be used from this place or with this app.' },
  LINE_FORMAT: { status: 403, retryable: false, say: 'This login may not use this format.' },
  LINE_FULL: { status: 403, retryable: true, say: 'All streams of this login are in use. Stop one of them first.' },
  INVALID_TIME: { status: 400, retryable: false, say: 'This is not a time we can read.' },
  RANGE_TOO_LARGE: { status: 400, retryable: false, say: 'This is a longer stretch of time than we serve at once.' },

  // Outbound addresses (reliability.md B1-B7, D1)
  UPSTREAM_SCHEME_NOT_ALLOWED: {
    status: 400,
    retryable: false,
    say: 'Only addresses that begin with http:// or https:// work here.',
  },
  UPSTREAM_ADDRESS_BLOCKED: {
    status: 400,
    retryable: false,
    say: 'This address points into a private network, which is not allowed.',
  },
  UPSTREAM_URL_INVALID: { status: 400, retryable: false, say: 'This does not look like an address. Check it for typing slips.' },
  UPSTREAM_URL_TOO_LONG: { status: 400, retryable: false, say: 'This address is too long.' },
  UPSTREAM_URL_HAS_CREDENTIALS: {
    status: 400,
    retryable: false,
    say: 'Put the user name and password in their own fields, not in the address.',
  },
  UPSTREAM_PORT_BLOCKED: { status: 400, retryable: false, say: 'This port is not allowed.' },
  UPSTREAM_IS_SELF: { status: 400, retryable: false, say: 'This is the address of this server itself.' },
  UPSTREAM_DNS: { status: 502, retryable: true, say: 'There is no server with this name. Check the address.' },
  UPSTREAM_UNREACHABLE: { status: 502, retryable: true, say: 'The server does not answer at this address.' },
  UPSTREAM_TIMEOUT: { status: 504, retryable: true, say: 'The server took too long to answer.' },
  UPSTREAM_TLS: {
    status: 502,
    retryable: false,
    say: 'The secure connection to this server could not be made. Its certificate may be wrong.',
  },
  UPSTREAM_TOO_MANY_REDIRECTS: { status: 502, retryable: false, say: 'The server sends us in circles.' },
  UPSTREAM_REDIRECT_UNSAFE: { status: 502, retryable: false, say: 'The server sends us to an address that is not safe.' },
  UPSTREAM_PROTOCOL_ERROR: { status: 502, retryable: true, say: 'The server gave an answer that makes no sense.' },
  UPSTREAM_NOT_MEDIA: { status: 502, retryable: true, say: 'The provider sent a web page instead of the picture.' },
  UPSTREAM_EMPTY: { status: 502, retryable: true, say: 'The provider sent nothing.' },
  UPSTREAM_STALLED: { status: 504, retryable: true, say: 'The provider stopped sending.' },
  UPSTREAM_TOO_LARGE: { status: 502, retryable: false, say: 'The answer of the server is larger than we accept.' },
  DECOMPRESSION_LIMIT: { status: 502, retryable: false, say: 'The file unpacks to far more than we accept.' },
  PLAYLIST_INVALID: { status: 502, retryable: false, say: 'This is not a playlist we can read.' },
  PLAYLIST_LOOP: { status: 502, retryable: false, say: 'The playlist of the provider points to itself.' },
  CATALOGUE_LIMIT: { status: 502, retryable: false, say: 'This list is larger than we accept.' },

  // Providers
  PROVIDER_REFUSED: { status: 400, retryable: false, say: 'The provider refused the user name or the password.' },
  PROVIDER_EXPIRED: { status: 400, retryable: false, say: 'This subscription has run out at the provider.' },
  PROVIDER_BANNED: { status: 400, retryable: false, say: 'The provider has banned this account.' },
  PROVIDER_DISABLED: { status: 400, retryable: false, say: 'The provider has switched this account off.' },
  PROVIDER_BLOCKS_US: {
    status: 502,
    retryable: true,
    say: 'The provider refuses connections from this server. It may do so for a while after too many tries.',
  },
  PROVIDER_BUSY: { status: 503, retryable: true, say: 'The provider asks us to slow down. We try again on our own.' },
  PROVIDER_DOWN: {
    status: 502,
    retryable: true,
    say: 'The provider has a fault on its side. Nothing to mend here; try again later.',
  },
  PROVIDER_NOT_XTREAM: {
    status: 400,
    retryable: false,
    say: 'There is a server at this address, but it does not speak Xtream. Check the address and the port.',
  },
  PROVIDER_BAD_RESPONSE: { status: 502, retryable: true, say: 'The provider sent an answer we cannot read.' },
  PROVIDER_CIRCUIT_OPEN: {
    status: 503,
    retryable: true,
    say: 'The provider has failed several times in a row. We give it half a minute of rest.',
  },
  PROVIDER_LIMIT: { status: 409, retryable: true, say: 'All streams your provider allows are in use.' },
  SLOT_TAKEN: { status: 409, retryable: true, say: 'Somebody with precedence needs this connection of the provider.' },
  PROVIDER_SHRUNK: {
    status: 409,
    retryable: true,
    say: 'The provider suddenly lists far less than before. We keep the old list until a second answer confirms it.',
  },
  IMPORT_RUNNING: { status: 409, retryable: false, say: 'A refresh of this source is already running.' },
  IMPORT_CANCELLED: { status: 409, retryable: true, say: 'The refresh was stopped.' },

  // Guides (reliability.md D3)
  EPG_INVALID: { status: 502, retryable: false, say: 'This is not a TV guide we can read.' },
  EPG_EMPTY: { status: 502, retryable: false, say: 'The TV guide is empty. We keep what was there.' },
  EPG_LIMIT: { status: 502, retryable: false, say: 'The TV guide is larger or stranger than we accept.' },
  EPG_TRUNCATED: { status: 502, retryable: false, say: 'The TV guide breaks off in the middle. We took what had arrived.' },
  GUIDE_RUNNING: { status: 409, retryable: false, say: 'This TV guide is already being refreshed.' },

  // Reminders
  PUSH_ENDPOINT_NOT_ALLOWED: {
    status: 400,
    retryable: false,
    say: 'This browser gets its messages from a place that we do not send to.',
  },
  REMINDER_TOO_LATE: { status: 409, retryable: false, say: 'This programme has already begun.' },
  REMINDER_LIMIT: { status: 409, retryable: false, say: 'That is more reminders than we keep. Remove some first.' },

  // Playback
  TOKEN_INVALID: { status: 401, retryable: false, say: 'This link is not valid.' },
  TOKEN_EXPIRED: { status: 401, retryable: true, say: 'This link has run out. Start the stream again.' },
  TOKEN_TOO_LONG: { status: 414, retryable: false, say: 'This link is too long to be one of ours.' },
  TOKEN_SCOPE: { status: 403, retryable: false, say: 'This link is for something else.' },
  STREAM_ENDED: { status: 410, retryable: true, say: 'This stream has ended. Start it again.' },
  STREAM_NOT_READY: { status: 503, retryable: true, say: 'The stream is starting.' },
  CODEC_UNSUPPORTED: { status: 415, retryable: false, say: 'This browser cannot play this format.' },
  FILM_FORMAT: {
    status: 415,
    retryable: false,
    say: 'This film is in a format that neither this browser nor this server can read. Another source may have it in another one.',
  },
  FILM_BROKEN: {
    status: 502,
    retryable: false,
    say: 'What the provider sends is damaged, or no film at all. Nothing here can mend that; another source may have a whole one.',
  },
  TRANSCODE_BUSY: {
    status: 503,
    retryable: true,
    say: 'This has to be converted for your browser, and our server is busy converting for others. Try again later, or choose another source.',
  },
  TRANSCODE_LIMIT: {
    status: 502,
    retryable: false,
    say: 'Converting this took more than we allow, so we stopped it. Choose another source if there is one.',
  },
  TRANSCODE_FAILED: {
    status: 502,
    retryable: true,
    say: 'Converting this for your browser failed on our side. We try again.',
  },
  PICTURE_LIMIT: { status: 403, retryable: false, say: 'This picture is higher than your account includes.' },
  ITEM_PROTECTED: { status: 403, retryable: false, say: 'This film is protected. It plays on our own pages only.' },
  KEY_SYSTEMS_WANTED: { status: 409, retryable: true, say: 'This is protected: the player first has to say what it can unlock.' },
  DRM_UNSUPPORTED: { status: 415, retryable: false, say: 'This browser cannot unlock protected films of this kind.' },
  LICENCE_INVALID: { status: 400, retryable: false, say: 'This is no question for a licence.' },
  LICENCE_TOO_LARGE: { status: 413, retryable: false, say: 'This is too long for a question for a licence.' },
  LICENCE_REFUSED: {
    status: 403,
    retryable: false,
    say: 'The licence server does not unlock this for you. Ask the person who runs this server.',
  },
  KEY_WRONG: {
    status: 502,
    retryable: false,
    say: 'This is locked, and the key that came with it, in the playlist or set by hand, does not seem to fit.',
  },
  NOT_ARCHIVED: {
    status: 404,
    retryable: false,
    say: 'The provider does not keep this programme, or not for so long.',
  },
  NOT_AIRED: { status: 409, retryable: true, say: 'This programme has not been on yet.' },
  ARCHIVE_GAP: { status: 404, retryable: false, say: 'This moment is missing from the recording of the provider.' },
  FILM_CHANGED: { status: 409, retryable: true, say: 'The provider has replaced this file meanwhile. Start it again.' },
  RANGE_INVALID: { status: 416, retryable: false, say: 'That part of the film does not exist.' },
  NO_SOURCE: { status: 404, retryable: false, say: 'None of your sources carries this any more.' },
  ALL_SOURCES_FAILED: { status: 502, retryable: true, say: 'None of the sources for this is sending anything right now.' },

  // Secrets
  SECRET_UNREADABLE: { status: 500, retryable: false, say: 'Stored credentials cannot be read with the keys of this server.' },
} as const satisfies Record<string, CodeFacts>

export type ErrorCode = keyof typeof table

/** HTTP status, whether a retry can help, and the general sentence for a code. */
export const errorCodes: Readonly<Record<ErrorCode, CodeFacts>> = table

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(table, value)
}
