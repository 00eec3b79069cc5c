import { CAPTION_GROUP, printCaptions } from '../captions'
import { commonPssh } from '../drm/protect-init'
import { segmentCount } from './layout'
import { peakKilobits, sizeFor, soundKbit } from './make/encode-settings'
import type { Presentation, Rendition } from './presentation'

/** Prints the multivariant playlist: every picture with every language and every text. */
export function printMaster({ film, pictures, sounds, texts }: Presentation, size: number): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  const preferred = sounds.find(({ track }) => track.isDefault) ?? sounds[0]
  for (const [index, sound] of sounds.entries()) {
    const flags = `DEFAULT=${sound === preferred ? 'YES' : 'NO'},AUTOSELECT=YES`
    const channels = sound.way === 'encode' ? 2 : (sound.track.channels ?? 2)
    const about = `${languageOf(sound)},NAME=${quote(nameOf(sound, index))},${flags},CHANNELS="${channels}"`
    if (pictures.length > 0) lines.push(`#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound"${about},URI="${sound.name}.m3u8"`)
  }
  for (const [index, text] of texts.entries()) {
    const flags = `DEFAULT=NO,AUTOSELECT=YES,FORCED=${text.track.isForced ? 'YES' : 'NO'}`
    lines.push(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text"${languageOf(text)},NAME=${quote(nameOf(text, index))},${flags},URI="${text.name}.m3u8"`,
    )
  }
  const captions = pictures.length > 0 ? (film.captions ?? null) : null
  if (captions !== null) lines.push(printCaptions(captions))
  const groups = [
    ...(sounds.length > 0 && pictures.length > 0 ? [',AUDIO="sound"'] : []),
    ...(texts.length > 0 ? [',SUBTITLES="text"'] : []),
    ...(captions === null ? [] : [`,${CAPTION_GROUP}`]),
  ].join('')
  const average = Math.round((size * 8) / film.duration)
  for (const variant of pictures.length > 0 ? pictures : sounds.slice(0, 1)) {
    lines.push(`#EXT-X-STREAM-INF:${describeVariant(variant, { sounds, average })}${groups}`, `${variant.name}.m3u8`)
  }
  return `${lines.join('\n')}\n`
}

function describeVariant(variant: Rendition, { sounds, average }: { sounds: readonly Rendition[]; average: number }): string {
  const { track, rung } = variant
  const [sound] = sounds
  const beside = Math.max(0, ...sounds.map(each => soundBits(each, average)))
  const bandwidth = rung === null ? Math.round(average * 1.3) : peakKilobits(rung) * 1_000 + beside
  const mean = rung === null ? average : rung.kilobits * 1_000 + beside
  const codecs = [variant, ...(sound === undefined || sound === variant ? [] : [sound])].map(each => each.codecString)
  const shape = track.kind === 'video' && track.width !== null && track.height !== null ? `,RESOLUTION=${sizeOf(variant)}` : ''
  const rate = track.kind === 'video' && track.frameRate !== null ? `,FRAME-RATE=${track.frameRate.toFixed(3)}` : ''
  return `BANDWIDTH=${bandwidth},AVERAGE-BANDWIDTH=${mean},CODECS="${codecs.join(',')}"${shape}${rate}`
}

/** Most kbit/s that films spend on sound of these codecs; what is not compressed for good may take as much as the file has. */
const soundLimits: Readonly<Record<string, number>> = { aac: 320, mp3: 320, opus: 512, vorbis: 512, ac3: 640, eac3: 1_536 }

const soundBits = ({ way, track }: Rendition, average: number): number =>
  way === 'encode' ? soundKbit * 1_000 : Math.min((soundLimits[track.codec] ?? Number.POSITIVE_INFINITY) * 1_000, average)

function sizeOf({ track, rung }: Rendition): string {
  const [width, lines] = [track.displayWidth ?? track.width ?? 0, track.height ?? 0]
  if (rung === null) return `${width}x${lines}`
  const made = sizeFor(track, rung.height)
  return `${made.width}x${made.height}`
}

function languageOf({ track }: Rendition): string {
  return track.language === null ? '' : `,LANGUAGE=${quote(track.language)}`
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** What a person reads in the menu: the file's own words, else the language. */
function nameOf({ track }: Rendition, index: number): string {
  const title = track.title?.trim()
  if (title) return title
  try {
    return (track.language !== null && names.of(track.language)) || `Track ${index + 1}`
  } catch {
    return `Track ${index + 1}`
  }
}

/** Attributes must not contain quotes or line breaks. */
const quote = (text: string): string => `"${text.replace(/["\r\n]/g, ' ').slice(0, 120)}"`

/**
 * Says that the samples are encrypted, and under which key id. In the form of Widevine: the player reads none for Clear Key but takes
 * this one for it when the session has no other (components/player/engine/drm-settings).
 */
function protectedKey(keyId: string): string {
  const pssh = commonPssh(Buffer.from(keyId, 'hex')).toString('base64')
  const form = 'KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",KEYFORMATVERSIONS="1"'
  return `#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,${form},KEYID=0x${keyId},URI="data:text/plain;base64,${pssh}"`
}

/** Prints the list of one rendition's segments. */
export function printRendition({ layout }: Presentation, { name, way }: Rendition, keyId: string | null): string {
  const steps = layout.bounds.slice(1).map((end, index) => end - (layout.bounds[index] ?? 0))
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(Math.max(...steps)))}`]
  lines.push('#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-INDEPENDENT-SEGMENTS')
  if (way !== 'text' && keyId !== null) lines.push(protectedKey(keyId))
  if (way !== 'text') lines.push(`#EXT-X-MAP:URI="${name}-init.mp4"`)
  for (let number = 0; number < segmentCount(layout); number++) {
    lines.push(`#EXTINF:${(steps[number] ?? 0).toFixed(5)},`, `${name}-${number}.${way === 'text' ? 'vtt' : 'm4s'}`)
  }
  return `${[...lines, '#EXT-X-ENDLIST'].join('\n')}\n`
}
