import 'server-only'
import { createHmac } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import { derivedKey } from '@/lib/platform/secrets'
import type { GatewayContext } from './caller'
import type { Offer } from './lists'
import { isKnown, sendBytes, sendPieces } from './send-answer'

/** Text is completed in pieces of this size, so that a list of any length costs no memory of its own. */
const PIECE_BYTES = 262_144

export interface Completion {
  offer: Offer
  /** What is this reader's own in the answer. Holds a password. */
  own: string
  /** Each piece of the rendered part is completed by itself. */
  complete: { before: string; piece(part: Buffer): Buffer }
  headers: Record<string, string>
}

/** A rendered list with what is the reader's own: nothing is made for one who has it already, or who asks for its headers only. */
export async function sendCompleted(context: GatewayContext, completion: Completion): Promise<Response> {
  const { offer, own, complete, headers } = completion
  const newest = { ...headers, etag: etagOf(offer.stamp, own) }
  if (isKnown(context, newest.etag)) {
    offer.note()
    return sendBytes(context, null, { ...newest, vary: 'accept-encoding' }, 304)
  }
  if (context.req.method === 'HEAD') return sendPieces(context, none(), newest)
  // While a new version is rendered this is the one before.
  const { plain, stamp } = await offer.make()
  return sendPieces(context, piecesOf(plain, complete), { ...headers, etag: etagOf(stamp, own) })
}

/**
 * Weak, as what is packed on the way and the clock in an account are other bytes each time. Under a key, because nobody may try
 * passwords against it.
 */
function etagOf(stamp: string, own: string): string {
  const key = derivedKey('answer-etag')?.key
  if (key === undefined) throw new AppError('SECRET_UNREADABLE')
  const digest = createHmac('sha256', key).update(JSON.stringify([stamp, own]))
  return `W/"${digest.digest('base64url')}"`
}

async function* piecesOf(plain: Buffer, { before, piece }: Completion['complete']): AsyncGenerator<string | Buffer> {
  yield before
  for (let at = 0; at < plain.length; at += PIECE_BYTES) yield piece(plain.subarray(at, at + PIECE_BYTES))
}

async function* none(): AsyncGenerator<Buffer> {}
