import { CAPTION_GROUP, type CaptionKind, printCaptions } from './captions'
import { peakBandwidth, type Rung } from './conversion/ladder'
import { presentAudio } from './conversion/live-plan'
import { type LiveText, type TsProgram, TsScanner } from './ts/scanner'
import { type StreamChoice, selectStreams } from './ts/select-streams'

/** What a player learns before its first segment, so that it need not fetch one just to look inside. */
export interface LiveVariant {
  /** RFC 6381 names of the picture's and the sound's codec. */
  codecs: readonly string[]
  width: number | null
  height: number | null
  frameRate?: number | null
  /** Bits per second. */
  bandwidth?: number
  /** Are there sounds to choose instead of the one in it? */
  hasChoice?: boolean
  /** What the picture carries. */
  captions?: CaptionKind | null
  /** Where the media playlist is, relative to this one. */
  address: string
}

/** Sounds to choose between. The first lies in the variants themselves; others are fetched beside the picture. */
export interface LiveSound {
  number: number
  language: string | null
}

/** Nominal bits per second; with one variant no player chooses by it, but the attribute is required. */
const NOMINAL_BANDWIDTH = 5_000_000

export const MEDIA_PLAYLIST = 'live.m3u8'

/** Prints the multivariant playlist of a channel: its codecs, qualities and languages named. */
export function printLiveMaster(
  variants: readonly LiveVariant[],
  sounds: readonly LiveSound[] = [],
  texts: readonly LiveText[] = [],
): string {
  const names = nameTracks(sounds, 'Sound')
  const media = sounds.map(({ number, language }, at) => {
    const said = language === null ? '' : `,LANGUAGE="${canonical(language)}"`
    const rest = at === 0 ? 'DEFAULT=YES,AUTOSELECT=YES' : `DEFAULT=NO,AUTOSELECT=YES,URI="a${number}/${MEDIA_PLAYLIST}"`
    return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="${names[at]}"${said},${rest}`
  })
  const titles = nameTracks(texts, 'Subtitles')
  const subtitles = texts.map(({ language, isForDeaf }, at) => {
    const said = language === null ? '' : `,LANGUAGE="${canonical(language)}"`
    const name = `${titles[at]}${isForDeaf ? ' (hard of hearing)' : ''}`
    return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="${name}"${said},DEFAULT=NO,AUTOSELECT=YES,URI="t${at}/${MEDIA_PLAYLIST}"`
  })
  const kind = variants.find(({ captions }) => captions != null)?.captions ?? null
  const captions = kind === null ? [] : [printCaptions(kind)]
  const version = kind === '708' ? 7 : sounds.length > 0 ? 4 : 3
  const group = texts.length > 0 ? ',SUBTITLES="text"' : ''
  const lines = variants.flatMap(variant => [`#EXT-X-STREAM-INF:${attributesOf(variant)}${group}`, variant.address])
  return `${['#EXTM3U', `#EXT-X-VERSION:${version}`, ...media, ...subtitles, ...captions, ...lines].join('\n')}\n`
}

function attributesOf({ codecs, width, height, frameRate, bandwidth, hasChoice, captions }: LiveVariant): string {
  const attributes = [`BANDWIDTH=${bandwidth ?? NOMINAL_BANDWIDTH}`]
  if (codecs.length > 0) attributes.push(`CODECS="${codecs.join(',')}"`)
  if (width !== null && height !== null) attributes.push(`RESOLUTION=${width}x${height}`)
  if (frameRate != null) attributes.push(`FRAME-RATE=${frameRate.toFixed(3)}`)
  if (hasChoice) attributes.push('AUDIO="sound"')
  if (captions != null) attributes.push(CAPTION_GROUP)
  return attributes.join(',')
}

const canonical = (language: string): string => {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? language
  } catch {
    return language
  }
}

/** Each by its language in that language; the same language twice is numbered. */
function nameTracks(tracks: readonly { language: string | null }[], otherwise: string): string[] {
  const plain = tracks.map(({ language }, at) => {
    if (language === null) return `${otherwise} ${at + 1}`
    try {
      const tag = canonical(language)
      return (new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' }).of(tag) ?? language).replaceAll('"', '')
    } catch {
      return `${otherwise} ${at + 1}`
    }
  })
  return plain.map((name, at) => {
    const before = plain.slice(0, at).filter(other => other === name).length
    return before === 0 ? name : `${name} ${before + 1}`
  })
}

/** Null while the first key frame, which carries the picture's parameters, has not come or the sound's kind is open. */
export function findVariant(program: TsProgram | null, address: string): LiveVariant | null {
  if (program === null || (program.video !== null && program.video.codecString === null)) return null
  const [sound] = program.audio
  // Layers II and III share a stream type: only the sound's own bytes tell them apart.
  if (sound !== undefined && sound.codecString === null && sound.codec !== 'aac') return null
  const soundCodec = sound === undefined ? null : (sound.codecString ?? 'mp4a.40.2')
  const codecs = [program.video?.codecString, soundCodec].filter(codec => codec != null)
  return { codecs, width: program.video?.width ?? null, height: program.video?.height ?? null, address }
}

export interface Offer {
  program: TsProgram
  /** A segment that begins with a key frame; needed to name several qualities. */
  segment: Buffer | null
  /** Of the qualities in the program, in its order; null when there is one. */
  rungs: readonly Rung[] | null
}

/** Everything there is to choose from, each choice a variant. A channel with one picture and one sound has one. */
export function listVariants({ program, segment, rungs }: Offer): { variants: LiveVariant[]; sounds: LiveSound[] } {
  const present = presentAudio(program)
  const sounds = present.length < 2 ? [] : present.map(each => ({ number: program.audio.indexOf(each), language: each.language }))
  const pictures = rungs !== null && segment !== null ? rungs.slice(0, program.pictures) : [null]
  if (sounds.length === 0 && pictures[0] === null) {
    const single = findVariant(program, MEDIA_PLAYLIST) ?? { codecs: [], width: null, height: null, address: MEDIA_PLAYLIST }
    return { variants: [{ ...single, captions: program.captions }], sounds }
  }
  const audio = sounds[0]?.number ?? (program.audio.length === 0 ? null : 0)
  const variants = pictures.map((rung, video) => ({
    ...describeChoice({ program, segment, rung }, { video: program.video === null ? null : video, audio }),
    hasChoice: sounds.length > 0,
    captions: program.captions,
  }))
  return { variants, sounds }
}

function describeChoice(
  { program, segment, rung }: { program: TsProgram; segment: Buffer | null; rung: Rung | null },
  choice: StreamChoice,
): LiveVariant {
  const picture = rung === null || segment === null ? program.video : pictureIn(selectStreams(segment, choice))
  const sound = choice.audio === null ? null : (program.audio[choice.audio]?.codecString ?? 'mp4a.40.2')
  return {
    codecs: [picture?.codecString, sound].filter(codec => codec != null),
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    frameRate: picture?.frameRate ?? null,
    ...(rung === null ? {} : { bandwidth: peakBandwidth(rung) }),
    address: `${nameOfChoice(choice)}/${MEDIA_PLAYLIST}`,
  }
}

function pictureIn(segment: Buffer): TsProgram['video'] {
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(segment)
  return scanner.program?.video ?? null
}

const nameOfChoice = ({ video, audio }: StreamChoice): string =>
  `${video === null ? '' : `v${video}`}${audio === null ? '' : `a${audio}`}`

/** The playlist of the channel as one of its subtitles: segments of the same numbers. */
export const asTextPlaylist = (playlist: string): string => playlist.replace(/^(\d+)\.ts$/gm, '$1.vtt')

/** What a folder in an address stands for; null for none of ours. */
export function parseChoice(name: string): StreamChoice | null {
  const found = /^(?:v(\d))?(?:a(\d{1,2}))?$/.exec(name)
  if (found === null || name === '') return null
  const [, video, audio] = found
  return { video: video === undefined ? null : Number(video), audio: audio === undefined ? null : Number(audio) }
}
