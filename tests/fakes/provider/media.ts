import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawPanorama } from './art/posters.ts'
import { addCaptionData, addCaptions } from './captions.ts'
import type { FilmRecipe, FormatRecipe, LoopRecipe } from './media-recipes.ts'
import { CAPTIONS, films, formatLanguages, formats, LOOP_SECONDS, loops, TELETEXT, TITLE_BOXES } from './media-recipes.ts'
import { serviceCaptions } from './service-captions.ts'
import { makeSup } from './sup-file.ts'
import { addTeletext } from './teletext-stream.ts'

const VERSION = '6'
const FORMATS_VERSION = '11'
const FONTS = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/dejavu/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/TTF/DejaVuSans-Bold.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf',
  '/Library/Fonts/Arial Bold.ttf',
  '/System/Library/Fonts/Supplemental/Arial Bold.ttf',
]

interface Job {
  name: string
  file: string
  args: string[]
  spareArgs?: () => string[]
  /** What FFmpeg cannot do. */
  finish?: (tool: Tool, file: string) => Promise<void>
}

function replaceFile(file: string, content: string | Buffer): void {
  const temp = `${file}.${process.pid}.tmp`
  writeFileSync(temp, content)
  renameSync(temp, file)
}

interface Tool {
  path: string
  signal: AbortSignal | undefined
}

function run({ path, signal }: Tool, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      path,
      ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...args],
      signal ? { signal } : {},
      (error, _out, err) => {
        if (error) reject(new Error(`ffmpeg failed: ${err.slice(-800)}`, { cause: error }))
        else resolve()
      },
    )
  })
}

/** Drawtext exists only in some builds and needs a font file: without either the pictures simply carry no text. */
async function findFont(tool: Tool): Promise<string | null> {
  const font = FONTS.find(existsSync)
  if (!font) return null
  const probe = ['-f', 'lavfi', '-i', 'color=s=64x64:d=0.1', '-vf', `drawtext=fontfile='${font}':text=x`, '-f', 'null', '-']
  return run(tool, probe).then(
    () => font,
    () => null,
  )
}

function overlay(font: string | null, label: string, size: number): string {
  if (!font) return 'null'
  const base = `drawtext=fontfile='${font}':fontcolor=white:shadowcolor=black@0.5:shadowx=2:shadowy=2`
  const name = `${base}:fontsize=${size}:x=24:y=22:text='${label}'`
  const clock = `${base}:fontsize=${Math.round(size * 0.8)}:x=w-tw-24:y=h-th-22:timecode='00\\:00\\:00\\:00':rate=25`
  return `${name},${clock}`
}

const sine = (hz: number, volume: string) => `${volume}*sin(2*PI*${hz}*t)`

/** A slow three-note figure; every frequency is whole, so the loop joins without a click. */
function melody([a, b, c]: [number, number, number]): string {
  const turn = 'mod(t,6)'
  const soft = (hz: number, from: number) => sine(hz, `0.12*between(${turn},${from},${from + 2})*pow(sin(PI*mod(t,2)/2),2)`)
  const voice = `${soft(a, 0)}+${soft(b, 2)}+${soft(c, 4)}+${sine(Math.round(a / 2), '0.05')}`
  return `aevalsrc=exprs='${voice}|${voice}':s=48000`
}

const h264 = (kbit: number) =>
  `-c:v libx264 -preset ultrafast -profile:v baseline -threads 1 -pix_fmt yuv420p -g 50 -keyint_min 50 -sc_threshold 0 -bf 0 -b:v ${kbit}k -maxrate ${kbit}k -bufsize ${kbit}k`.split(
    ' ',
  )
const aac = '-c:a aac -b:a 96k -ac 2 -ar 48000'.split(' ')

function picture(dir: string, source: LoopRecipe['source'], seconds: number): { input: string[]; filter: string } {
  if ('lavfi' in source) return { input: ['-f', 'lavfi', '-i', source.lavfi], filter: 'null' }
  const file = join(dir, `panorama-${source.seed}.png`)
  replaceFile(file, drawPanorama(source.scene, source.seed))
  // There and back on a cosine, so that the last picture meets the first.
  const x = `(iw-ow)/2*(1-cos(2*PI*t/${seconds}))`
  // The loop filter keeps the decoded picture; -loop 1 would decode the PNG anew for every frame.
  return {
    input: ['-framerate', '25', '-i', file],
    filter: `format=yuv420p,loop=loop=-1:size=1,setpts=N/25/TB,crop=640:360:'${x}':0`,
  }
}

function loopArgs(dir: string, font: string | null, recipe: LoopRecipe, low: boolean): string[] {
  const { input, filter } = picture(dir, recipe.source, LOOP_SECONDS)
  const common = [...input, '-f', 'lavfi', '-i', melody(recipe.notes), '-t', String(LOOP_SECONDS)]
  const ts = ['-pes_payload_size', '0', '-f', 'mpegts']
  const shown = `${filter},${overlay(font, recipe.label, 30)}${low ? ',scale=320:180' : ''}`
  return [...common, '-vf', shown, ...h264(low ? 220 : 700), ...aac, ...ts]
}

function loopJobs(dir: string, font: string | null, recipe: LoopRecipe): Job[] {
  const spare = { ...recipe, source: { scene: 'circles', seed: recipe.name } }
  const job = (low: boolean): Job => ({
    name: low ? `${recipe.label} low` : recipe.label,
    file: `${low ? 'low' : 'loop'}-${recipe.name}.ts`,
    args: loopArgs(dir, font, recipe, low),
    // Not every FFmpeg has every picture source; a drawn one needs none.
    spareArgs: () => loopArgs(dir, font, spare, low),
  })
  return recipe.low ? [job(false), job(true)] : [job(false)]
}

function filmJob(dir: string, font: string | null, film: FilmRecipe): Job {
  const { input, filter } = picture(dir, { scene: film.scene, seed: film.seed }, film.seconds)
  const out = film.container === 'mp4' ? ['-movflags', '+faststart', '-f', 'mp4'] : ['-f', 'matroska']
  const vf = ['-vf', `${filter},${overlay(font, film.label, 22)}`]
  const sound = ['-f', 'lavfi', '-i', melody([165, 208, 247])]
  const args = [...input, ...sound, '-t', String(film.seconds), ...vf, ...h264(650), ...aac, ...out]
  return { name: `${film.label} ${film.name}`, file: `${film.name}.${film.container}`, args }
}

/** A tone of a tenth of a second every two seconds. What lags behind is stamped earlier than it is made; see ts-loop. */
const beats = (lag: number) => `aevalsrc=exprs='0.5*sin(2*PI*880*t)*lt(mod(t-${lag}+2,2),0.1)':s=48000`
const flash = "drawbox=t=fill:color=white:enable='lt(mod(t,2),0.1)'"

function formatJob(font: string | null, recipe: FormatRecipe): Job {
  const { name, label, video, audio, rate = '25', soundLag = 0, isSubtitled, hasServiceCaptions } = recipe
  const [width, height] = recipe.size
  const notes: [number, number, number][] = [
    [220, 277, 330],
    [440, 554, 659],
  ]
  const picture = [
    '-f',
    'lavfi',
    '-i',
    recipe.beats ? `color=c=black:s=${width}x${height}:r=${rate}` : `testsrc2=s=${width}x${height}:r=${rate}`,
  ]
  const sounds = audio.flatMap((_, at) => [
    '-f',
    'lavfi',
    '-i',
    recipe.beats ? beats(soundLag) : melody(notes[at] ?? [440, 440, 440]),
  ])
  const maps = ['-map', '0:v', ...audio.flatMap((_, at) => ['-map', `${at + 1}:a`])]
  const coded = audio.flatMap((options, at) => [
    ...options.split(' ').map(option => (option.startsWith('-') ? `${option}:${at}` : option)),
    ...[`-metadata:s:a:${at}`, `language=${formatLanguages[at]}`],
  ])
  const args = [
    ...picture,
    ...sounds,
    ...maps,
    '-t',
    String(LOOP_SECONDS),
    '-vf',
    recipe.beats ? flash : overlay(font, label, 30),
  ]
  const keys = ['-threads', '1', '-g', '50', '-keyint_min', '50']
  const ts = ['-pes_payload_size', '0', '-f', 'mpegts']
  return {
    name: label,
    file: `loop-${name}.ts`,
    args: [...args, ...video.split(' '), ...keys, ...coded, '-ac', '2', '-ar', '48000', ...ts],
    ...(isSubtitled ? { finish: addSubtitles } : {}),
    ...(hasServiceCaptions ? { finish: addServiceCaptions } : {}),
  }
}

async function addSubtitles(tool: Tool, file: string): Promise<void> {
  const bare = `${file}.h264`
  const mixed = `${file}.mixed`
  const titles = `${file}.sup`
  await run(tool, ['-i', file, '-map', '0:v', '-c', 'copy', '-f', 'h264', bare])
  writeFileSync(bare, addCaptions(readFileSync(bare), CAPTIONS))
  writeFileSync(titles, makeSup(TITLE_BOXES, { width: 640, height: 360 }))
  const inputs = ['-r', '25', '-f', 'h264', '-i', bare, '-i', file, '-fix_sub_duration', '-f', 'sup', '-i', titles]
  const maps = ['-map', '0:v', '-map', '1:a', '-map', '2:s', '-c', 'copy', '-c:s', 'dvbsub', '-metadata:s:s:0', 'language=fra']
  await run(tool, [...inputs, ...maps, '-pes_payload_size', '0', '-f', 'mpegts', mixed])
  const page = { pid: 0x1f0, page: 888, language: 4, code: 'deu', lines: TELETEXT }
  writeFileSync(file, addTeletext(readFileSync(mixed), page))
  for (const each of [bare, mixed, titles]) rmSync(each)
}

async function addServiceCaptions(tool: Tool, file: string): Promise<void> {
  const bare = `${file}.h264`
  const mixed = `${file}.mixed`
  await run(tool, ['-i', file, '-map', '0:v', '-c', 'copy', '-f', 'h264', bare])
  writeFileSync(bare, addCaptionData(readFileSync(bare), serviceCaptions(CAPTIONS)))
  const inputs = ['-r', '25', '-f', 'h264', '-i', bare, '-i', file, '-map', '0:v', '-map', '1:a', '-c', 'copy']
  await run(tool, [...inputs, '-pes_payload_size', '0', '-f', 'mpegts', mixed])
  renameSync(mixed, file)
  rmSync(bare)
}

async function make(tool: Tool, job: Job, temp: string): Promise<void> {
  try {
    await run(tool, [...job.args, temp]).catch(error => {
      if (!job.spareArgs || tool.signal?.aborted) throw error
      return run(tool, [...job.spareArgs(), temp])
    })
  } catch (error) {
    rmSync(temp, { force: true })
    throw error
  }
}

async function produce(dir: string, tool: Tool, jobs: Job[], onProgress: (text: string) => void): Promise<void> {
  let done = 0
  const queue = [...jobs]
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const temp = join(dir, `${job.file}.${process.pid}.tmp`)
      await make(tool, job, temp)
      await job.finish?.(tool, temp)
      renameSync(temp, join(dir, job.file))
      onProgress(`media ${++done}/${jobs.length}: ${job.name}`)
    }
  }
  await Promise.all([worker(), worker()])
}

/** Makes the pictures and films once; later calls return at once while the version file matches. */
export async function prepareMedia(
  dir: string,
  options: { ffmpeg?: string; signal?: AbortSignal; onProgress?: (text: string) => void } = {},
): Promise<void> {
  const isMade = (file: string, version: string) =>
    existsSync(join(dir, file)) && readFileSync(join(dir, file), 'utf8') === version
  const hasAll = isMade('media-version', VERSION)
  if (hasAll && isMade('formats-version', FORMATS_VERSION)) return
  const { ffmpeg = 'ffmpeg', signal, onProgress = () => {} } = options
  const tool: Tool = { path: ffmpeg, signal }
  mkdirSync(dir, { recursive: true })
  onProgress('media: drawing pictures')
  const font = await findFont(tool)
  await produce(
    dir,
    tool,
    formats.map(format => formatJob(font, format)),
    onProgress,
  )
  replaceFile(join(dir, 'formats-version'), FORMATS_VERSION)
  if (hasAll) return
  const jobs = [...loops.flatMap(recipe => loopJobs(dir, font, recipe)), ...films.map(film => filmJob(dir, font, film))]
  await produce(dir, tool, jobs, onProgress)
  replaceFile(join(dir, 'media-version'), VERSION)
}
