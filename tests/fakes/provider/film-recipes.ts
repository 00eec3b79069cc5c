import type { CaptionLine } from './captions.ts'
import type { TitleBox } from './sup-file.ts'

/** How a film of the formats login is made by FFmpeg, and what a player has to find in it. */
export interface FilmFile {
  name: string
  args: string[]
  /** Of the sound tracks, in their order; one track without a language unless told otherwise. Each has its own tone. */
  languages?: string[]
  /** Does it have SUBTITLES? */
  subtitle?: string
  /** Words in its picture, which must be H.264 in the order in which it is shown, and how they are sent. */
  captions?: { kind: '608' | '708'; lines: readonly CaptionLine[] }
  /** Cut or filled with nonsense after it was made. */
  damage?: 'cut' | 'zeros' | 'noise' | 'empty' | 'page'
  /** Nothing in it can be played: whoever tries has to be told. */
  isHopeless?: boolean
}

export const FORMAT_SECONDS = 24

/** Long enough for a connection that becomes slow and fast again: players show first what they have in hand. */
export const LONG_FILM = 'long.mp4'

/** Hertz of the sound tracks, in their order. */
export const TONES = [440, 880] as const

/** What stands on the picture at this second of a film with subtitles. */
export const SUBTITLE_AT = { seconds: 12.5, text: 'Second line' } as const

export const SUBTITLES = `1
00:00:01,000 --> 00:00:05,000
Hello there

2
00:00:12,000 --> 00:00:15,000
<i>Second</i> line
`

/** Boxes that lie on the picture of a film with picture subtitles: white below, green above. */
export const TITLES: readonly TitleBox[] = [
  { start: 2, end: 6, x: 100, y: 140, width: 120, height: 30, colour: { y: 235, cb: 128, cr: 128 } },
  { start: 12, end: 15, x: 20, y: 20, width: 90, height: 25, colour: { y: 145, cb: 54, cr: 34 } },
]

const split = (text: string) => text.split(' ')
const picture = (size = '320x180', rate = '25', seconds = FORMAT_SECONDS) => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
]
const tone = (hertz = 440, layout = 'stereo', rate = 48_000) => {
  const source = `sine=${hertz}:d=${FORMAT_SECONDS}:r=${rate},aformat=channel_layouts=${layout}`
  return ['-f', 'lavfi', '-i', source]
}
const h264 = split('-c:v libx264 -preset ultrafast -g 50 -bf 2 -pix_fmt yuv420p')
const openGroups = split('-c:v libx264 -preset ultrafast -bf 3 -pix_fmt yuv420p -x264-params open-gop=1:keyint=52:b-adapt=0')
const hevc = split('-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50 -pix_fmt yuv420p')
const mpeg2 = split('-c:v mpeg2video -g 12 -bf 2 -b:v 1M')
const divx = split('-c:v mpeg4 -vtag XVID -g 50 -b:v 800k')
const vp9 = split('-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 400k -g 50')
const vp8 = split('-c:v libvpx -deadline realtime -cpu-used 8 -b:v 400k -g 50')
const halves = split('-flags +ilme+ildct -top 1')
/** Grey that grows lighter by nine steps of luma a second, from black. */
const grey = ['-f', 'lavfi', '-i', `nullsrc=s=320x180:r=25:d=${FORMAT_SECONDS},geq=lum='16+9*T':cb=128:cr=128`]
/** Black, a grey of 34 nits, white of 203 nits and red, side by side in the light of HDR. */
const boxes = ['0x646464', 'white', 'red'].map((colour, at) => `drawbox=x=${160 * (at + 1)}:w=160:h=360:t=fill:c=${colour}`)
const light = (transfer: string) => [
  ...['-f', 'lavfi', '-i'],
  `color=black:s=640x360:r=25:d=${FORMAT_SECONDS},format=yuv444p,${boxes.join(',')},zscale=min=bt709:rin=tv:tin=bt709:pin=bt709:npl=203:t=${transfer}:p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le`,
]
const tenBits = (transfer: string) => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'],
  ...['-x265-params', `log-level=none:keyint=50:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:range=limited`],
]
const variable = ['-vf', "select='between(t,0,8)+between(t,16,24)+not(mod(n,3))'", '-fps_mode', 'vfr']
const av = (name: string, video: string[], audio: string, more: Partial<FilmFile> = {}): FilmFile => ({
  name,
  args: [...picture(), ...tone(), ...video, ...split(audio)],
  ...more,
})
const maps = (count: number) => Array.from({ length: count }, (_, index) => ['-map', String(index)]).flat()
const languages = (...names: string[]) => names.flatMap((name, index) => [`-metadata:s:a:${index}`, `language=${name}`])
const text = (codec: string) => ['-c:s', codec, '-metadata:s:s:0', 'language=fre']

const containers: FilmFile[] = [
  av('plain.mp4', h264, '-c:a aac -movflags +faststart'),
  av('tail.mp4', h264, '-c:a aac'),
  av('quick.mov', h264, '-c:a aac'),
  av('aac.mkv', h264, '-c:a aac'),
  av('mp3.mkv', h264, '-c:a libmp3lame'),
  av('flac.mkv', h264, '-c:a flac'),
  av('opus.mkv', h264, '-c:a libopus'),
  av('vorbis.mkv', h264, '-c:a libvorbis'),
  av('pcm.mkv', h264, '-c:a pcm_s16le'),
  av('aac.ts', h264, '-c:a aac'),
  av('mp3.ts', h264, '-c:a libmp3lame'),
  av('vp9.webm', vp9, '-c:a libopus'),
  av('vp8.webm', vp8, '-c:a libvorbis'),
  av('vp9.mkv', vp9, '-c:a aac'),
]

const sounds: FilmFile[] = [
  av('ac3.mkv', h264, '-c:a ac3'),
  av('ac3.mp4', h264, '-c:a ac3'),
  av('ac3.ts', h264, '-c:a ac3'),
  av('eac3.mkv', h264, '-c:a eac3'),
  av('eac3.ts', h264, '-c:a eac3'),
  av('mp2.ts', h264, '-c:a mp2'),
  av('dts.mkv', h264, '-c:a dca -strict -2'),
  av('truehd.mkv', h264, '-c:a truehd -strict -2'),
  { name: 'surround.mkv', args: [...picture(), ...tone(440, '5.1'), ...h264, '-c:a', 'ac3', '-b:a', '448k'] },
  { name: 'cd.mkv', args: [...picture(), ...tone(440, 'stereo', 44_100), ...h264, '-c:a', 'ac3'] },
  { name: 'silent.mkv', args: [...picture(), ...h264] },
  { name: 'late.mkv', args: [...picture(), '-itsoffset', '5', ...tone(), ...h264, '-c:a', 'ac3'] },
]

const pictures: FilmFile[] = [
  av('hevc.mkv', hevc, '-c:a aac'),
  av('hevc.mp4', [...hevc, '-tag:v', 'hvc1'], '-c:a aac'),
  av('hevc.ts', hevc, '-c:a ac3'),
  av(
    'main10.mkv',
    split('-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50 -pix_fmt yuv420p10le'),
    '-c:a aac',
  ),
  { name: 'pq.mkv', args: [...light('smpte2084'), ...tone(), ...tenBits('smpte2084'), '-c:a', 'aac'] },
  { name: 'hlg.mp4', args: [...light('arib-std-b67'), ...tone(), ...tenBits('arib-std-b67'), '-tag:v', 'hvc1', '-c:a', 'aac'] },
  av('high10.mkv', split('-c:v libx264 -preset ultrafast -g 50 -pix_fmt yuv420p10le'), '-c:a aac'),
  av('divx.avi', divx, '-c:a libmp3lame'),
  av('divx-ac3.avi', divx, '-c:a ac3'),
  av('h264.avi', split('-c:v libx264 -preset ultrafast -g 50 -bf 0 -pix_fmt yuv420p'), '-c:a libmp3lame'),
  av('h264-vbr.avi', split('-c:v libx264 -preset ultrafast -g 50 -bf 0 -pix_fmt yuv420p'), '-c:a libmp3lame -q:a 4'),
  av('h264-ac3.avi', split('-c:v libx264 -preset ultrafast -g 50 -bf 0 -pix_fmt yuv420p'), '-c:a ac3'),
  av('h264-ahead.avi', split('-c:v libx264 -preset ultrafast -g 50 -bf 3 -pix_fmt yuv420p'), '-c:a libmp3lame'),
  av('h264-open.avi', openGroups, '-c:a libmp3lame'),
  {
    name: 'h264-halves.avi',
    args: [...picture('352x288'), ...tone(), ...h264, ...split('-x264-params interlaced=1 -c:a libmp3lame')],
  },
  av('asp.mp4', split('-c:v mpeg4 -g 50 -b:v 800k'), '-c:a aac'),
  av('mpeg2.mkv', mpeg2, '-c:a ac3'),
  av('mpeg2.ts', mpeg2, '-c:a mp2'),
  { name: 'broadcast.ts', args: [...picture('352x288'), ...tone(), ...mpeg2, ...halves, '-aspect', '16:9', '-c:a', 'mp2'] },
  {
    name: 'halves.mkv',
    args: [...picture('352x288'), ...tone(), ...h264, ...split('-flags +ilme+ildct -x264-params interlaced=1 -c:a aac')],
  },
  {
    name: 'halves.ts',
    args: [...picture('352x288'), ...tone(), ...h264, ...split('-flags +ilme+ildct -x264-params interlaced=1 -c:a ac3')],
  },
]

const shapes: FilmFile[] = [
  { name: 'film-rate.mkv', args: [...picture('320x180', '24000/1001'), ...tone(), ...h264, '-c:a', 'ac3'] },
  { name: 'ntsc.ts', args: [...picture('320x240', '30000/1001'), ...tone(), ...mpeg2, '-c:a', 'ac3'] },
  { name: 'ntsc.mkv', args: [...picture('320x240', '30000/1001'), ...tone(), ...h264, '-c:a', 'aac'] },
  { name: 'fifty.ts', args: [...picture('320x180', '50'), ...tone(), ...h264, '-c:a', 'ac3'] },
  // Every picture for eight seconds, every third for eight, then all again.
  ...['variable.mkv', 'variable.mp4'].map(name => ({
    name,
    args: [...picture(), ...tone(), ...variable, ...h264, '-c:a', 'ac3'],
  })),
  { name: 'fifty.mkv', args: [...picture('320x180', '50'), ...tone(), ...h264, '-c:a', 'aac'] },
  { name: 'odd-size.mkv', args: [...picture('322x182'), ...tone(), ...hevc, '-c:a', 'aac'] },
  { name: 'anamorphic.mkv', args: [...picture('352x288'), ...tone(), ...hevc, '-aspect', '16:9', '-c:a', 'aac'] },
  {
    name: 'long-groups.mkv',
    args: [...picture(), ...tone(), ...split('-c:v libx264 -preset ultrafast -g 250 -pix_fmt yuv420p -c:a ac3')],
  },
  // Pictures that are shown before a key frame follow it, and need what lies before it.
  ...['open.mkv', 'open.mp4', 'open.ts'].map(name => ({ name, args: [...picture(), ...tone(), ...openGroups, '-c:a', 'ac3'] })),
  ...['grey.mkv', 'grey.mp4', 'grey.ts'].map(name => ({ name, args: [...grey, ...tone(), ...h264, '-c:a', 'aac'] })),
  {
    name: LONG_FILM,
    args: [
      ...picture('640x360', '25', 180),
      ...['-f', 'lavfi', '-i', 'sine=440:d=180:r=48000'],
      ...[...h264, '-b:v', '1M', '-c:a', 'aac', '-movflags', '+faststart'],
    ],
  },
  { name: 'no-index.mkv', args: [...picture(), ...tone(), ...h264, ...split('-c:a aac -f matroska -live 1')] },
]

const tracks: FilmFile[] = [
  {
    name: 'languages.mkv',
    args: [
      ...picture(),
      ...tone(440),
      ...tone(880),
      '-i',
      'SUBTITLES',
      ...maps(4),
      ...h264,
      ...split('-c:a:0 aac -c:a:1 ac3'),
      ...languages('eng', 'ger'),
      ...text('srt'),
    ],
    languages: ['eng', 'ger'],
    subtitle: 'Hello there',
  },
  {
    name: 'languages.mp4',
    args: [
      ...picture(),
      ...tone(440),
      ...tone(880),
      '-i',
      'SUBTITLES',
      ...maps(4),
      ...h264,
      '-c:a',
      'aac',
      ...languages('eng', 'spa'),
      ...text('mov_text'),
    ],
    languages: ['eng', 'spa'],
    subtitle: 'Hello there',
  },
  {
    name: 'languages.ts',
    args: [...picture(), ...tone(440), ...tone(880), ...maps(3), ...h264, '-c:a', 'aac', ...languages('eng', 'fra')],
    languages: ['eng', 'fra'],
  },
  {
    name: 'ass.mkv',
    args: [...picture(), ...tone(), '-i', 'SUBTITLES', ...maps(3), ...h264, '-c:a', 'aac', ...text('ass')],
    subtitle: 'Hello there',
  },
  {
    name: 'webvtt.mkv',
    args: [...picture(), ...tone(), '-i', 'SUBTITLES', ...maps(3), ...h264, '-c:a', 'ac3', ...text('webvtt')],
    subtitle: 'Hello there',
  },
  {
    name: 'webvtt.webm',
    args: [...picture(), ...tone(), '-i', 'SUBTITLES', ...maps(3), ...vp9, '-c:a', 'libopus', ...text('webvtt')],
    subtitle: 'Hello there',
  },
]

/** Subtitles that are pictures: TITLES. */
const drawn: FilmFile[] = [
  { name: 'pgs.mkv', codec: 'copy' },
  { name: 'dvb.mkv', codec: 'dvbsub' },
  { name: 'dvb.ts', codec: 'dvbsub' },
  { name: 'vobsub.mkv', codec: 'dvdsub' },
].map(({ name, codec }) => {
  const titles = ['-fix_sub_duration', '-i', 'TITLES']
  return { name, args: [...picture(), ...tone(), ...titles, ...maps(3), ...h264, '-c:a', 'aac', ...text(codec)] }
})

/** Each lies inside a segment of four seconds: whoever jumps there sees it, too. */
export const CAPTION_LINES: readonly CaptionLine[] = [
  { start: 1, end: 3, text: 'FIRST WORDS' },
  { start: 9, end: 11, text: 'LATER WORDS' },
  { start: 17, end: 19, text: 'LAST WORDS' },
]
const inOrder = split('-c:v libx264 -preset ultrafast -g 50 -bf 0 -pix_fmt yuv420p')
const captioned: FilmFile[] = [
  av('captions.mkv', inOrder, '-c:a aac', { captions: { kind: '608', lines: CAPTION_LINES } }),
  av('captions.mp4', inOrder, '-c:a aac', { captions: { kind: '708', lines: CAPTION_LINES } }),
  {
    name: 'captions-text.mkv',
    args: [...picture(), ...tone(), '-i', 'SUBTITLES', ...maps(3), ...inOrder, '-c:a', 'aac', ...text('srt')],
    captions: { kind: '608', lines: CAPTION_LINES },
  },
]

const broken: FilmFile[] = [
  av('cut.mkv', h264, '-c:a aac', { damage: 'cut' }),
  av('cut.ts', h264, '-c:a ac3', { damage: 'cut' }),
  av('holes.mkv', h264, '-c:a ac3', { damage: 'zeros' }),
  av('holes.ts', h264, '-c:a ac3', { damage: 'zeros' }),
  av('holes.mp4', h264, '-c:a ac3 -movflags +faststart', { damage: 'zeros' }),
  av('cut.mp4', h264, '-c:a ac3 -movflags +faststart', { damage: 'cut' }),
  // Its tables stood behind the cut.
  av('headless.mp4', h264, '-c:a aac', { damage: 'cut', isHopeless: true }),
  av('noise.mkv', h264, '-c:a aac', { damage: 'noise', isHopeless: true }),
  av('page.mkv', h264, '-c:a aac', { damage: 'page', isHopeless: true }),
  av('unknown.mkv', split('-c:v snow -strict -2 -pix_fmt yuv420p -b:v 1M'), '-c:a aac', { isHopeless: true }),
  av('media.wmv', split('-c:v wmv2 -b:v 800k'), '-c:a wmav2', { isHopeless: true }),
  av('empty.mkv', h264, '-c:a aac', { damage: 'empty', isHopeless: true }),
]

/** Their names lie about what they are. */
const misnamed: FilmFile[] = [
  av('really-mp4.mkv', h264, '-c:a aac -f mp4'),
  av('really-mkv.mp4', h264, '-c:a aac -f matroska'),
  av('really-ts.avi', h264, '-c:a ac3 -f mpegts'),
]

/** The film with stream id n stands at n - 1. */
export const formatFilms: FilmFile[] = [
  ...containers,
  ...sounds,
  ...pictures,
  ...shapes,
  ...tracks,
  ...drawn,
  ...broken,
  ...misnamed,
  ...captioned,
]

export const formatFilmId = (name: string): string => String(formatFilms.findIndex(film => film.name === name) + 1)
