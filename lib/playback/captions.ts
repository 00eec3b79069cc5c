import { unescapeNal } from './ts/bit-reader'

/** Captions inside a picture: CEA-608, or CEA-708 where it is alone. */
export type CaptionKind = '608' | '708'

/** How captions of ATSC mark what carries them, in whatever codec. */
const MARK = Buffer.from('GA94')
/** Behind the mark: three bytes and 31 entries of three, a third of which may be escapes. */
const MOST_BYTES = 150

/** The first channel or service of each, as playlists name it (RFC 8216). */
const names: Record<CaptionKind, string> = { 608: 'CC1', 708: 'SERVICE1' }

export const CAPTION_GROUP = 'CLOSED-CAPTIONS="captions"'

/** Players look for captions in the picture only when told. */
export const printCaptions = (kind: CaptionKind): string =>
  `#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="Captions",DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="${names[kind]}"`

/** Where both are sent, 608 is what more players and receivers have been tried with. */
export const mergeCaptions = (one: CaptionKind | null, other: CaptionKind | null): CaptionKind | null =>
  one === '608' || other === '608' ? '608' : (one ?? other)

/** What lies in these bytes of a picture. Fillings count for 608, where they come with each picture; for 708 there are none. */
export function captionsIn(codec: string, bytes: Buffer): CaptionKind | null {
  let kind: CaptionKind | null = null
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + MARK.length)) {
    const data = bytes.subarray(at + MARK.length, at + MARK.length + MOST_BYTES)
    kind = mergeCaptions(kind, kindOf(codec === 'mpeg2video' ? data : unescapeNal(data)))
  }
  return kind
}

/** Reads cc_data (ATSC A/53 part 4): entries of a kind and two bytes. */
function kindOf(data: Buffer): CaptionKind | null {
  const [type, flags = 0] = data
  if (type !== 3 || (flags & 0x40) === 0) return null
  let kind: CaptionKind | null = null
  const end = Math.min(data.length, 3 + (flags & 0x1f) * 3)
  for (let at = 3; at + 3 <= end; at += 3) {
    const head = data[at] ?? 0
    if ((head & 4) === 0) continue
    if ((head & 3) === 0) return '608'
    if ((head & 3) >= 2) kind = '708'
  }
  return kind
}
