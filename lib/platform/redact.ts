const MASK = '***'
const MIN_SECRET_LENGTH = 4
const known = new Set<string>()

// Xtream carries credentials in paths and queries by protocol (protocols.md 3.1), so URLs are masked by shape.
const paths = /(\/(?:live|movie|series|timeshifts?|player_api|epg|playlist|subtitle)\/)[^/\s"'?]+\/[^/\s"'?]+/gi
const calendars = /(\/api\/calendar\/)[^/\s"'?]+/gi
const queries = /([?&](?:username|password|token|key|auth|mac|sig|signature|api_key|access_token|code)=)[^&\s"']*/gi
const userinfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]+@/gi
const bare = /(https?:\/\/[^/\s"']+\/)(?!api\/|_next\/|stream\/)[^/\s"'?]+\/[^/\s"'?]+(\/\d+(?:\.[a-z0-9]+)?)(?=[\s"'?]|$)/gi
const bearer = /\b(bearer|basic)\s+[a-z0-9._~+/=-]+/gi

/** Remembers a secret of this process (a provider password while it is in use), so that it is masked wherever it turns up. */
export function rememberSecret(secret: string): void {
  if (secret.length >= MIN_SECRET_LENGTH) known.add(secret)
}

/** Text without credentials: URL shapes are masked, and every remembered secret in clear or percent-encoded. */
export function redact(text: string): string {
  let out = text
    .replace(paths, `$1${MASK}/${MASK}`)
    .replace(calendars, `$1${MASK}`)
    .replace(queries, `$1${MASK}`)
    .replace(userinfo, `$1${MASK}@`)
    .replace(bare, `$1${MASK}/${MASK}$2`)
    .replace(bearer, `$1 ${MASK}`)
  for (const secret of known) {
    if (out.includes(secret)) out = out.replaceAll(secret, MASK)
    const encoded = encodeURIComponent(secret)
    if (encoded !== secret && out.includes(encoded)) out = out.replaceAll(encoded, MASK)
  }
  return out
}
