import type { TitleBox } from './sup-file.ts'

export interface LoopRecipe {
  name: string
  label: string
  /** A lavfi source, or the seed of a drawn panorama to travel across. */
  source: { lavfi: string } | { scene: string; seed: string }
  notes: [number, number, number]
  low?: true
}

/** Streams as antennas and satellites send them: what browsers do not play, or do not know to choose in. */
export interface FormatRecipe {
  name: string
  label: string
  /** FFmpeg's arguments for the picture, and for each of the sounds. */
  video: string
  audio: string[]
  size: [number, number]
  rate?: string
  /** A flash and a short tone every two seconds, instead of a moving picture and a melody. */
  beats?: true
  /** Seconds by which sound comes after picture of the same moment, as broadcasts are multiplexed. */
  soundLag?: number
  /** Has it words in the picture and on page 888 of its teletext, and subtitles that are pictures? */
  isSubtitled?: true
  /** Has it words of CEA-708 in the picture? */
  hasServiceCaptions?: true
}

const baseline = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0 -sc_threshold 0 -b:v 700k'

export const formats: FormatRecipe[] = [
  {
    name: 'mpeg2',
    label: 'MPEG-2 576i',
    video:
      '-c:v mpeg2video -pix_fmt yuv420p -flags +ilme+ildct -bf 0 -sc_threshold 1000000000 -b:v 2500k -maxrate 3000k -bufsize 1200k -aspect 16:9',
    audio: ['-c:a mp2 -b:a 192k'],
    size: [720, 576],
  },
  { name: 'dolby', label: 'AC-3', video: baseline, audio: ['-c:a ac3 -b:a 192k'], size: [640, 360] },
  {
    name: 'hevc',
    label: 'HEVC',
    video:
      '-c:v libx265 -preset ultrafast -pix_fmt yuv420p -b:v 600k -x265-params keyint=50:min-keyint=50:scenecut=0:bframes=0:open-gop=0:log-level=error',
    audio: ['-c:a eac3 -b:a 192k'],
    size: [640, 360],
  },
  {
    name: 'bilingual',
    label: 'TWO LANGUAGES',
    video: baseline,
    audio: ['-c:a aac -b:a 96k', '-c:a aac -b:a 96k'],
    size: [640, 360],
  },
  {
    name: 'broadcast',
    label: 'FROM THE AIR',
    video: '-c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 2 -sc_threshold 0 -b:v 500k',
    audio: ['-c:a aac -b:a 96k'],
    size: [320, 180],
    rate: '30000/1001',
    beats: true,
    soundLag: 0.6,
  },
  {
    name: 'subtitled',
    label: 'SUBTITLED',
    video: baseline,
    audio: ['-c:a aac -b:a 96k'],
    size: [640, 360],
    isSubtitled: true,
  },
  {
    name: 'service',
    label: 'CEA-708',
    video: baseline,
    audio: ['-c:a aac -b:a 96k'],
    size: [320, 180],
    beats: true,
    hasServiceCaptions: true,
  },
  {
    name: 'open',
    label: 'OPEN GROUPS',
    video:
      '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 700k -x264-params open-gop=1:bframes=3:b-adapt=0:keyint=50:scenecut=0',
    audio: ['-c:a aac -b:a 96k'],
    size: [640, 360],
  },
]
/** Every four seconds, so that a short look is enough. Captions stand for longer than a player is ahead of its picture. */
const every = [1, 5, 9, 13, 17, 21]
export const CAPTIONS = every.map((start, at) => ({ start, end: start + 2.9, text: `CAPTION ${at + 1}` }))
/** The letters of page 888 are German. */
export const TELETEXT = every.map((start, at) => ({ start, end: start + 2, text: `Gr}~e ${at + 1}`, row: 21 }))
/** French; each box stands further right than the one before. */
export const TITLE_BOXES: TitleBox[] = every.map((start, at) => ({
  ...{ start, end: start + 2, x: 40 + at * 80, y: 280, width: 72, height: 30 },
  colour: { y: 235, cb: 128, cr: 128 },
}))
export const formatLanguages = ['eng', 'deu']

export interface FilmRecipe {
  name: string
  label: string
  scene: string
  seed: string
  seconds: number
  container: 'mp4' | 'mkv'
}

export const LOOP_SECONDS = 24

export const loops: LoopRecipe[] = [
  { name: 'news', label: 'NEWS', source: { scene: 'city', seed: 'news' }, notes: [220, 277, 330], low: true },
  { name: 'sport', label: 'SPORT', source: { scene: 'rays', seed: 'sport' }, notes: [262, 330, 392], low: true },
  { name: 'cinema', label: 'CINEMA', source: { scene: 'mountains', seed: 'cinema' }, notes: [196, 247, 294] },
  {
    name: 'documentary',
    label: 'DOCUMENTARY',
    source: {
      lavfi:
        'mandelbrot=s=320x180:r=25:maxiter=160:end_scale=0.02:end_pts=600,format=gray,format=yuv444p,pseudocolor=preset=magma,scale=640:360:flags=bicubic',
    },
    notes: [175, 220, 262],
  },
  {
    name: 'kids',
    label: 'KIDS',
    source: {
      lavfi:
        'life=s=80x45:r=25:mold=12:ratio=0.28:seed=7:death_color=0x3a2d8f:life_color=0xffd34d:mold_color=0x241b66,scale=640:360:flags=neighbor',
    },
    notes: [330, 415, 494],
  },
  {
    name: 'music',
    label: 'MUSIC',
    source: {
      lavfi: 'gradients=s=640x360:r=25:c0=0x1b1464:c1=0xe84393:c2=0xf9ca24:c3=0x0abde3:nb_colors=4:speed=0.012:seed=4:d=24',
    },
    notes: [247, 311, 370],
  },
  { name: 'world', label: 'WORLD', source: { scene: 'ocean', seed: 'sea' }, notes: [208, 262, 311] },
  { name: 'test', label: 'TEST CARD', source: { lavfi: 'testsrc2=s=640x360:r=25' }, notes: [440, 440, 440] },
  {
    name: 'late',
    label: 'LATE NIGHT',
    source: {
      lavfi:
        "nullsrc=s=96x54:r=25,geq=r='120+90*sin(X/13+T)':g='40+30*sin(Y/9+T*1.4)':b='130+90*sin((X+Y)/16-T)',scale=640:360:flags=bicubic",
    },
    notes: [147, 185, 220],
  },
]

export const films: FilmRecipe[] = [
  { name: 'film-1', label: 'FEATURE FILM', scene: 'desert', seed: 'film-1', seconds: 75, container: 'mp4' },
  { name: 'film-2', label: 'FEATURE FILM', scene: 'forest', seed: 'film-2', seconds: 60, container: 'mp4' },
  { name: 'film-3', label: 'FEATURE FILM', scene: 'space', seed: 'film-3', seconds: 60, container: 'mp4' },
  { name: 'film-4', label: 'FEATURE FILM', scene: 'ocean', seed: 'film-4', seconds: 60, container: 'mkv' },
  { name: 'episode-1', label: 'EPISODE', scene: 'city', seed: 'episode-1', seconds: 40, container: 'mp4' },
  { name: 'episode-2', label: 'EPISODE', scene: 'mountains', seed: 'episode-2', seconds: 40, container: 'mp4' },
]
