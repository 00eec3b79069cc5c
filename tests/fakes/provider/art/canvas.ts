import { crc32, deflateSync } from 'node:zlib'

export type Colour = readonly [number, number, number]

export function mix(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

export const hex = (code: string): Colour => {
  const n = Number.parseInt(code, 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

/** Math.hypot guards against overflow that cannot happen here, and is several times slower. */
export const reach = (x: number, y: number): number => Math.sqrt(x * x + y * y)

export class Canvas {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.data = new Uint8ClampedArray(width * height * 4)
  }

  blend(x: number, y: number, c: Colour, alpha: number): void {
    const i = (y * this.width + x) * 4
    const d = this.data
    const keep = 1 - alpha
    d[i] = (d[i] ?? 0) * keep + c[0] * alpha
    d[i + 1] = (d[i + 1] ?? 0) * keep + c[1] * alpha
    d[i + 2] = (d[i + 2] ?? 0) * keep + c[2] * alpha
    d[i + 3] = (d[i + 3] ?? 0) * keep + 255 * alpha
  }

  /** Vertical gradient through the given stops, with a little ordered noise against banding. */
  sky(stops: readonly (readonly [number, Colour])[]): void {
    for (let y = 0; y < this.height; y++) {
      const t = y / (this.height - 1)
      const next = Math.max(
        1,
        stops.findIndex(([at]) => at >= t),
      )
      const [a, ca] = stops[next - 1] ?? [0, [0, 0, 0] as Colour]
      const [b, cb] = stops[next] ?? [1, ca]
      const c = mix(ca, cb, Math.min(1, Math.max(0, (t - a) / (b - a || 1))))
      this.row(y, c)
    }
  }

  private row(y: number, c: Colour): void {
    for (let x = 0; x < this.width; x++) {
      const noise = ((x * 7 + y * 13 + ((x * y) & 5)) & 3) * 0.33 - 0.5
      const i = (y * this.width + x) * 4
      this.data[i] = c[0] + noise
      this.data[i + 1] = c[1] + noise
      this.data[i + 2] = c[2] + noise
      this.data[i + 3] = 255
    }
  }

  /** Fills where distance(x, y) is negative; the edge is one pixel soft. The box keeps it cheap. */
  shape(box: [number, number, number, number], distance: (x: number, y: number) => number, c: Colour, alpha = 1): void {
    const x1 = Math.min(this.width, Math.ceil(box[2]))
    const y1 = Math.min(this.height, Math.ceil(box[3]))
    for (let y = Math.max(0, Math.floor(box[1])); y < y1; y++) {
      for (let x = Math.max(0, Math.floor(box[0])); x < x1; x++) {
        const cover = Math.min(1, 0.5 - distance(x + 0.5, y + 0.5))
        if (cover > 0) this.blend(x, y, c, cover * alpha)
      }
    }
  }

  disc(cx: number, cy: number, r: number, c: Colour, alpha = 1): void {
    this.shape([cx - r - 1, cy - r - 1, cx + r + 1, cy + r + 1], (x, y) => reach(x - cx, y - cy) - r, c, alpha)
  }

  ring(cx: number, cy: number, r: number, width: number, c: Colour, alpha = 1): void {
    const edge = r + width
    this.shape(
      [cx - edge - 1, cy - edge - 1, cx + edge + 1, cy + edge + 1],
      (x, y) => Math.abs(reach(x - cx, y - cy) - r) - width / 2,
      c,
      alpha,
    )
  }

  glow(cx: number, cy: number, r: number, c: Colour, strength: number): void {
    const x1 = Math.min(this.width, Math.ceil(cx + r))
    const y1 = Math.min(this.height, Math.ceil(cy + r))
    for (let y = Math.max(0, Math.floor(cy - r)); y < y1; y++) {
      for (let x = Math.max(0, Math.floor(cx - r)); x < x1; x++) {
        const t = 1 - reach(x - cx, y - cy) / r
        if (t > 0) this.blend(x, y, c, t * t * strength)
      }
    }
  }

  /** Fills everything below a skyline; `fade` blends towards another colour at the bottom. */
  ridge(skyline: (x: number) => number, c: Colour, bottom: Colour = c): void {
    for (let x = 0; x < this.width; x++) {
      const top = skyline(x)
      const first = Math.max(0, Math.floor(top))
      const depth = this.height - top || 1
      for (let y = first; y < this.height; y++) {
        const cover = y === first ? Math.min(1, first + 1 - top) : 1
        this.blend(x, y, bottom === c ? c : mix(c, bottom, Math.max(0, (y - top) / depth)), cover)
      }
    }
  }

  line(x0: number, y0: number, x1: number, y1: number, width: number, c: Colour, alpha = 1): void {
    const half = width / 2
    const box: [number, number, number, number] = [
      Math.min(x0, x1) - half - 1,
      Math.min(y0, y1) - half - 1,
      Math.max(x0, x1) + half + 1,
      Math.max(y0, y1) + half + 1,
    ]
    this.shape(box, segmentDistance(x0, y0, x1, y1, half), c, alpha)
  }

  /** Darkens towards the bottom so that a title stays readable over any scene. */
  shade(from: number, c: Colour, strength: number): void {
    const start = Math.floor(from * this.height)
    for (let y = Math.max(0, start); y < this.height; y++) {
      const t = (y - start) / (this.height - start)
      for (let x = 0; x < this.width; x++) this.blend(x, y, c, t * strength)
    }
  }

  png(): Buffer {
    const stride = this.width * 4 + 1
    const raw = Buffer.alloc(stride * this.height)
    const pixels = Buffer.from(this.data.buffer)
    for (let y = 0; y < this.height; y++) {
      const out = y * stride
      raw[out] = 2
      for (let i = 0; i < stride - 1; i++) {
        const at = y * (stride - 1) + i
        raw[out + 1 + i] = (pixels[at] ?? 0) - (y > 0 ? (pixels[at - stride + 1] ?? 0) : 0)
      }
    }
    const header = Buffer.alloc(13)
    header.writeUInt32BE(this.width, 0)
    header.writeUInt32BE(this.height, 4)
    header.set([8, 6, 0, 0, 0], 8)
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(raw, { level: 1 })),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
}

export function segmentDistance(x0: number, y0: number, x1: number, y1: number, half: number) {
  const dx = x1 - x0
  const dy = y1 - y0
  const length = dx * dx + dy * dy || 1
  return (x: number, y: number): number => {
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length))
    return reach(x - x0 - t * dx, y - y0 - t * dy) - half
  }
}

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc(12 + body.length)
  out.writeUInt32BE(body.length, 0)
  out.write(type, 4, 'latin1')
  body.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length)
  return out
}
