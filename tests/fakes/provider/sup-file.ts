/** A shape of picture subtitles, drawn in one colour on nothing. */
export interface TitleBox {
  start: number
  end: number
  x: number
  y: number
  width: number
  height: number
  /** Video levels: luma and both colour differences. */
  colour: { y: number; cb: number; cr: number }
}

const word = (value: number) => [value >> 8, value & 255]
const PLANE = { width: 320, height: 180 }

/**
 * A file of Blu-ray subtitles (.sup) with these boxes, each with a hole in its middle. FFmpeg has no encoder for it, but reads it,
 * packs it and makes the subtitles of broadcasts from it.
 */
export function makeSup(boxes: readonly TitleBox[], plane = PLANE): Buffer {
  const drawn = boxes.flatMap((box, index) => [show(box, plane, index * 2 + 1), clear(box.end, plane, index * 2 + 2)])
  // FFmpeg counts from the first.
  return Buffer.concat([clear(0, plane, 0), ...drawn])
}

function show(box: TitleBox, plane: typeof PLANE, number: number): Buffer {
  const { start, x, y, width, height, colour } = box
  const place = [...word(0), 0, 0, ...word(x), ...word(y)]
  const rows = Array.from({ length: height }, (_, row) => rowOf(width, row > height / 3 && row < (height * 2) / 3)).flat()
  const size = rows.length + 4
  return Buffer.concat([
    segment(start, 0x16, [...word(plane.width), ...word(plane.height), 16, ...word(number), 0x80, 0, 0, 1, ...place]),
    segment(start, 0x17, [1, 0, ...word(x), ...word(y), ...word(width), ...word(height)]),
    segment(start, 0x14, [0, 0, 1, colour.y, colour.cr, colour.cb, 255]),
    segment(start, 0x15, [...word(0), 0, 0xc0, size >> 16, ...word(size & 0xffff), ...word(width), ...word(height), ...rows]),
    segment(start, 0x80, []),
  ])
}

function clear(end: number, plane: typeof PLANE, number: number): Buffer {
  return Buffer.concat([
    segment(end, 0x16, [...word(plane.width), ...word(plane.height), 16, ...word(number), 0, 0, 0, 0]),
    segment(end, 0x17, [0]),
    segment(end, 0x80, []),
  ])
}

/** Runs of colour 1, with nothing between a third and two thirds of a row that has the hole. */
function rowOf(width: number, hasHole: boolean): number[] {
  const third = Math.floor(width / 3)
  const run = (length: number, colour: number) => {
    const long = length > 63 ? [0x40 | (length >> 8), length & 255] : [length]
    return colour === 0 ? [0, ...long] : [0, (long[0] ?? 0) | 0x80, ...long.slice(1), colour]
  }
  return [...(hasHole ? [...run(third, 1), ...run(width - 2 * third, 0), ...run(third, 1)] : run(width, 1)), 0, 0]
}

function segment(seconds: number, type: number, body: readonly number[]): Buffer {
  const head = Buffer.alloc(13)
  head.write('PG', 'latin1')
  head.writeUInt32BE(Math.round(seconds * 90_000), 2)
  head[10] = type
  head.writeUInt16BE(body.length, 11)
  return Buffer.concat([head, Buffer.from(body)])
}
