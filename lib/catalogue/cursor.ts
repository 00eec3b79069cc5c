import { z } from 'zod'
import { AppError } from '@/lib/kernel/errors'

/** What the database takes in each place; anything else in a forged cursor would fail there, as a fault of ours. */
const values = {
  int: z.number().int().min(-2_147_483_648).max(2_147_483_647),
  real: z.number().min(-3.4e38).max(3.4e38),
  time: z.string().refine(text => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text),
  text: z.string().refine(text => !text.includes('\0')),
} as const
export type CursorValue = keyof typeof values

const Cursor = z.array(z.unknown())
const Value = z.union([z.string(), z.number()])

/** The last row's sort values as an opaque text; `sort` goes in too, so that a cursor of another order is refused. */
export function writeCursor(sort: string, position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([sort, ...position])).toString('base64url')
}

/** @throws INVALID_PARAMETER for a cursor that is not from a list in this order, or holds what no list writes */
export function readCursor(text: string | undefined, sort: string, shape: readonly CursorValue[]): (string | number)[] | null {
  if (text === undefined || text === '') return null
  try {
    const [found, ...position] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (found === sort && position.length === shape.length) {
      return shape.map((kind, index) => Value.parse(values[kind].parse(position[index])))
    }
  } catch {
    // Told below, like every other cursor that does not belong here.
  }
  throw new AppError('INVALID_PARAMETER', { field: 'cursor' })
}
