/** Bytes that are decoded at a time: texts that V8 does not have to treat as large objects, which live on for long. */
const BLOCK_BYTES = 32_768
/** Bytes at the beginning that may hold the declaration of the encoding. */
const HEAD_BYTES = 1_024

/**
 * The text of a document in pieces. The encoding comes from the byte order mark, else from the declaration, else it is UTF-8;
 * bytes that are none become U+FFFD.
 */
export async function* decodeXml(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  for await (const block of inBlocks(bytes)) {
    decoder ??= decoderOf(block)
    for (let at = 0, end = 0; at < block.length; at = end) {
      end = endOfPiece(block, at)
      yield decoder.decode(block.subarray(at, end), { stream: true })
    }
  }
  const rest = decoder?.decode()
  if (rest) yield rest
}

/** Ends a piece behind a programme where there is one: what a piece leaves over is copied together with all of the next one. */
const PROGRAMME_END = Buffer.from('</programme>')

function endOfPiece(block: Buffer, at: number): number {
  const most = at + BLOCK_BYTES
  if (most >= block.length) return block.length
  const found = block.lastIndexOf(PROGRAMME_END, most - PROGRAMME_END.length)
  return found > at ? found + PROGRAMME_END.length : most
}

async function* inBlocks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of bytes) {
      pieces.push(piece)
      length += piece.length
      if (length < BLOCK_BYTES) continue
      const block = pieces.length === 1 ? piece : Buffer.concat(pieces, length)
      const found = block.lastIndexOf(PROGRAMME_END)
      const end = found < 0 ? length : found + PROGRAMME_END.length
      pieces = end < length ? [block.subarray(end)] : []
      length -= end
      yield block.subarray(0, end)
    }
  } catch (error) {
    // What came before the source broke is worth reading.
    if (length > 0) yield Buffer.concat(pieces, length)
    throw error
  }
  if (length > 0) yield Buffer.concat(pieces, length)
}

function decoderOf(block: Buffer): TextDecoder {
  return new TextDecoder(encodingOf(block), { fatal: false })
}

/** A name that TextDecoder knows. */
export function encodingOf(block: Buffer): string {
  if (block[0] === 0xff && block[1] === 0xfe) return 'utf-16le'
  if (block[0] === 0xfe && block[1] === 0xff) return 'utf-16be'
  // Without a mark: an opening bracket with a zero beside it.
  if (block[0] === 0x3c && block[1] === 0) return 'utf-16le'
  if (block[0] === 0 && block[1] === 0x3c) return 'utf-16be'
  const head = block.toString('latin1', 0, HEAD_BYTES)
  const declared = /^[^<]*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(head)?.[1]?.toLowerCase() ?? 'utf-8'
  // The declaration could be read as bytes, so it is wrong where it says that they are not.
  if (declared.startsWith('utf-16') || declared.startsWith('utf-32') || declared.startsWith('ucs')) return 'utf-8'
  try {
    return new TextDecoder(declared).encoding
  } catch {
    return 'utf-8'
  }
}
