import { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'

const Position = z.tuple([z.string(), z.union([z.string(), z.number()])]).rest(z.union([z.string(), z.number()]))

/** The last row's sort values as an opaque text; `sort` goes in too, so that a cursor of another order is refused. */
export function writeCursor(sort: string, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([sort, ...values])).toString('base64url')
}

/** @throws INVALID_PARAMETER for a cursor that is not from a list in this order */
export function readCursor(text: string | undefined, sort: string, length: number): (string | number)[] | null {
  if (text === undefined || text === '') return null
  try {
    const [found, ...values] = Position.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (found === sort && values.length === length) return values
  } catch {
    // Told below, like every other cursor that does not belong here.
  }
  throw new AppError('INVALID_PARAMETER', { field: 'cursor' })
}
