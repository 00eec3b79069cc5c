import { AppError } from '@/lib/kernel/errors'
import type { KeySystem, LicenceForm, LicenceServer } from './drm-config'

export interface LicenceCall {
  headers: Record<string, string>
  body: Buffer
}

/** Who asks, for vendors that want it signed or sent along. Never an e-mail address or a name. */
export interface LicenceAsker {
  sessionId: string
  accountId: string
}

const octets = { 'content-type': 'application/octet-stream' }

/** PlayReady challenges are SOAP; servers of every vendor choose by these two headers. */
const soap = {
  'content-type': 'text/xml; charset=utf-8',
  soapaction: '"http://schemas.microsoft.com/DRM/2007/03/protocols/AcquireLicense"',
}

const formEncoded = { 'content-type': 'application/x-www-form-urlencoded' }

/** How each vendor wants the challenge of a browser wrapped. The server's own headers win over all of it. */
export function buildLicenceCall(server: LicenceServer, challenge: Buffer, asker: LicenceAsker): LicenceCall {
  const plain = server.system === 'com.microsoft.playready' ? soap : octets
  const { headers, body } = forms[server.form](server.system, challenge, asker)
  return { headers: { ...plain, ...headers, ...lowerCase(server.headers) }, body }
}

type Wrap = (system: KeySystem, challenge: Buffer, asker: LicenceAsker) => { headers: Record<string, string>; body: Buffer }

const asIs: Wrap = (_system, challenge) => ({ headers: {}, body: challenge })

const forms: Record<LicenceForm, Wrap> = {
  generic: asIs,
  // Axinom: the entitlement is a signed message in X-AxDRM-Message, given among the server's headers; the challenge goes as it is.
  axinom: asIs,
  // castLabs DRMtoday: customer data in x-dt-custom-data (base64 JSON, given among the headers or made of the session); FairPlay's
  // SPC goes as a form field.
  drmtoday: (system, challenge, { sessionId, accountId }) => {
    const customData = Buffer.from(JSON.stringify({ userId: accountId, sessionId })).toString('base64')
    const headers = { 'x-dt-custom-data': customData }
    if (system !== 'com.apple.fps') return { headers, body: challenge }
    return {
      headers: { ...headers, ...formEncoded },
      body: Buffer.from(`spc=${encodeURIComponent(challenge.toString('base64'))}`),
    }
  },
  // DoveRunner (PallyCon): the token is in pallycon-customdata-v2, given among the headers; FairPlay's SPC goes as a form field.
  doverunner: (system, challenge) =>
    system === 'com.apple.fps'
      ? { headers: formEncoded, body: Buffer.from(`spc=${challenge.toString('base64')}`) }
      : { headers: {}, body: challenge },
}

/** The licence inside an answer. Throws LICENCE_REFUSED when the server says no in a body, UPSTREAM_NOT_MEDIA when it is a page. */
export function readLicence(form: LicenceForm, system: KeySystem, answer: { type: string; body: Buffer }): Buffer {
  const { type, body } = answer
  if (body.length === 0) throw new AppError('UPSTREAM_EMPTY')
  if (/^text\/html/i.test(type) || /^\s*<(!doctype|html)/i.test(body.toString('latin1', 0, 64))) {
    throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'a page instead of a licence' })
  }
  if (form === 'drmtoday' && system === 'com.widevine.alpha') return readWrapped(body)
  const isText64 = system === 'com.apple.fps' && form !== 'generic' && form !== 'axinom'
  return isText64 ? Buffer.from(body.toString('latin1').trim(), 'base64') : body
}

/** DRMtoday wraps Widevine licences in JSON. */
function readWrapped(body: Buffer): Buffer {
  if (body[0] !== 0x7b) return body
  try {
    const { status, license } = JSON.parse(body.toString('utf8')) as { status?: string; license?: string }
    if (status === 'OK' && typeof license === 'string') return Buffer.from(license, 'base64')
  } catch (cause) {
    throw new AppError('UPSTREAM_PROTOCOL_ERROR', { cause })
  }
  throw new AppError('LICENCE_REFUSED')
}

const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
