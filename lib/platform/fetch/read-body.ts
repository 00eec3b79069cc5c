import { AppError } from '@/lib/kernel/errors'
import type { SafeResponse } from './safe-fetch'

/** The whole body. Throws UPSTREAM_TOO_LARGE beyond `maxBytes`, and whatever the body fails with. Always lets go of the connection. */
export async function readBody(response: SafeResponse, limits: { maxBytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limits.maxBytes) throw new AppError('UPSTREAM_TOO_LARGE')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, length)
  } finally {
    response.cancel()
  }
}
