/** The protection of teletext: bytes of four bits, and three bytes of eighteen (EN 300 706, 8.2 and 8.3). */

const parity = (value: number): number => {
  let bits = 0
  for (let rest = value; rest > 0; rest >>>= 1) bits ^= rest & 1
  return bits
}

/** The sixteen protected bytes (8.2): any two differ in four bits or more. */
const words = [0x15, 0x02, 0x49, 0x5e, 0x64, 0x73, 0x38, 0x2f, 0xd0, 0xc7, 0x8c, 0x9b, 0xa1, 0xb6, 0xfd, 0xea]

const nibbles = Array.from({ length: 256 }, (_, byte) =>
  words.findIndex(word => {
    const wrong = byte ^ word
    return (wrong & (wrong - 1)) === 0
  }),
)

/** The four bits of a protected byte; one wrong bit is put right, two make them zero. */
export const hamming8 = (byte = 0): number => Math.max(0, nibbles[byte] ?? 0)

/** The bits that each of the first five checks covers, from the lowest; a position's number names the checks it takes part in. */
const checks = [1, 2, 4, 8, 16].map(check => {
  let mask = 0
  for (let position = 1; position <= 23; position++) if (position & check) mask |= 1 << (position - 1)
  return mask
})

/** The eighteen bits of a protected triplet; one wrong bit is put right, two make it null. */
export function hamming24(word: number): number | null {
  const wrong = checks.reduce((sum, mask, index) => sum | ((1 ^ parity(word & mask)) << index), 0)
  const isOdd = parity(word) === 1
  if (wrong !== 0 && isOdd) return null
  const right = wrong === 0 || wrong > 23 ? word : word ^ (1 << (wrong - 1))
  let value = 0
  let bit = 0
  for (let position = 1; position <= 23; position++) {
    if ((position & (position - 1)) === 0) continue
    value |= ((right >> (position - 1)) & 1) << bit
    bit++
  }
  return value
}

/** The same bits from the other end: transport streams hold them in the order in which they are sent. */
export function eightBits(byte: number): number {
  let turned = 0
  for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit)
  return turned
}
