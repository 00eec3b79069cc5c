/**
 * Seconds by which a playlist and the timestamps of one run of a stream may disagree: lengths are rounded and whole frames, and a
 * segment that was announced may end early.
 */
const ROUNDING = 1
/** Seconds between the first sound and the first picture of a segment: how far multiplexers of broadcasts pull the two apart. */
const INTERLEAVE = 2

const native = () => Object.getOwnPropertyDescriptor(SourceBuffer.prototype, 'timestampOffset') as Required<PropertyDescriptor>

/**
 * Lets a buffer keep its clock over the seams of segments.
 *
 * Shaka 5.2 places each segment of a playlist where the playlist says, and moves the clock of the buffer when that differs by a
 * thousandth of a second from the timestamps inside; for that it aborts the buffer, which then waits for a key frame and throws
 * everything before it away. A cold channel begins with segments shorter than its distance of key frames, so the picture would
 * stand until the next one. It also places the first sound of a segment beside its first picture, while broadcasts send picture
 * long before sound of the same moment: lips would go before words. Both end when picture and sound keep the clock they have in
 * common as long as nothing larger than rounding speaks against it.
 */
function keepClock(buffer: SourceBuffer, picture: () => SourceBuffer | null): void {
  const { get, set } = native()
  const current = (): number => get.call(buffer)
  /** An abort that was asked for and takes place only if what follows needs it. */
  let isAborted = false

  const settle = () => {
    if (!isAborted) return
    isAborted = false
    const [start, end] = [buffer.appendWindowStart, buffer.appendWindowEnd]
    SourceBuffer.prototype.abort.call(buffer)
    // In this order both always lie in the range that the other allows.
    buffer.appendWindowStart = start
    buffer.appendWindowEnd = end
  }

  const move = (asked: number) => {
    const leader = picture()
    const wanted = leader !== null && Math.abs(asked - leader.timestampOffset) < INTERLEAVE ? leader.timestampOffset : asked
    if (isAborted && buffer.buffered.length > 0 && Math.abs(wanted - current()) < ROUNDING) {
      isAborted = false
      return
    }
    settle()
    if (wanted !== current()) set.call(buffer, wanted)
  }

  Object.defineProperty(buffer, 'timestampOffset', { get: current, set: move, configurable: true })
  buffer.abort = () => {
    if (buffer.updating) SourceBuffer.prototype.abort.call(buffer)
    else isAborted = true
  }
  buffer.appendBuffer = data => {
    settle()
    SourceBuffer.prototype.appendBuffer.call(buffer, data)
  }
  buffer.changeType = type => {
    settle()
    SourceBuffer.prototype.changeType.call(buffer, type)
  }
}

let isKept = false

/** From now on the buffers of this page keep one clock for picture and sound. Once is enough. */
export function keepOneClock(): void {
  if (isKept || !('MediaSource' in window)) return
  isKept = true
  const pictures = new WeakMap<MediaSource, SourceBuffer>()
  const add = MediaSource.prototype.addSourceBuffer
  MediaSource.prototype.addSourceBuffer = function (type) {
    const buffer = add.call(this, type)
    if (type.startsWith('video/')) pictures.set(this, buffer)
    keepClock(buffer, () => (type.startsWith('audio/') ? (pictures.get(this) ?? null) : null))
    return buffer
  }
}
