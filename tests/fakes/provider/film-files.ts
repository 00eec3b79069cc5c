import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { addCaptionData, addCaptions } from './captions.ts'
import { type FilmFile, formatFilms, SUBTITLES, TITLES } from './film-recipes.ts'
import { serviceCaptions } from './service-captions.ts'
import { makeSup } from './sup-file.ts'

const kept = join(tmpdir(), 'watchtheflix-format-films')

/** Puts films of the formats login where the provider serves them from; made once and kept for the next run. */
export async function prepareFormatFilms(
  mediaDir: string,
  names: readonly string[] = formatFilms.map(({ name }) => name),
): Promise<void> {
  mkdirSync(kept, { recursive: true })
  mkdirSync(join(mediaDir, 'formats'), { recursive: true })
  const wanted = formatFilms.filter(({ name }) => names.includes(name))
  const make = async () => {
    for (let film = wanted.shift(); film !== undefined; film = wanted.shift()) {
      const target = join(mediaDir, 'formats', film.name)
      const file = await makeFilm(film)
      rmSync(target, { force: true })
      linkSync(file, target)
    }
  }
  await Promise.all([make(), make()])
}

async function makeFilm(film: FilmFile): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(film)).digest('hex').slice(0, 16)
  const file = join(kept, `${key}-${film.name}`)
  if (existsSync(file)) return file
  const draft = join(kept, `${process.pid}-${film.name}`)
  const subtitles = join(kept, `${process.pid}-${key}.srt`)
  writeFileSync(subtitles, SUBTITLES)
  const titles = join(kept, `${process.pid}-${key}.sup`)
  writeFileSync(titles, makeSup(TITLES))
  const added: Record<string, string> = { SUBTITLES: subtitles, TITLES: titles }
  const args = film.args.map(arg => added[arg] ?? arg)
  await ffmpeg(...args, draft)
  for (const path of Object.values(added)) rmSync(path)
  if (film.captions !== undefined) await addWords(draft, film.captions)
  if (film.damage !== undefined) writeFileSync(draft, damaged(readFileSync(draft), film.damage))
  renameSync(draft, file)
  return file
}

const ffmpeg = (...args: string[]) =>
  promisify(execFile)('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args], { timeout: 120_000 })

async function addWords(file: string, { kind, lines }: NonNullable<FilmFile['captions']>): Promise<void> {
  const bare = `${file}.h264`
  const silent = file.replace(/([^/]*)$/, 'silent-$1')
  await ffmpeg('-i', file, '-map', '0:v', '-c', 'copy', '-f', 'h264', bare)
  const pictures = readFileSync(bare)
  writeFileSync(bare, kind === '608' ? addCaptions(pictures, lines) : addCaptionData(pictures, serviceCaptions(lines)))
  renameSync(file, silent)
  const inputs = ['-r', '25', '-f', 'h264', '-i', bare, '-i', silent]
  await ffmpeg(...inputs, '-map', '0:v', '-map', '1:a', '-map', '1:s?', '-c', 'copy', file)
  for (const each of [bare, silent]) rmSync(each)
}

function damaged(bytes: Buffer, damage: NonNullable<FilmFile['damage']>): Buffer {
  if (damage === 'cut') return bytes.subarray(0, Math.floor(bytes.length * 0.6))
  if (damage === 'empty') return Buffer.alloc(0)
  if (damage === 'page') return Buffer.from('<html><body>Your account is not active</body></html>'.repeat(200))
  if (damage === 'noise') return createHash('shake256', { outputLength: 300_000 }).update('noise').digest()
  const copy = Buffer.from(bytes)
  for (const part of [0.3, 0.5, 0.7]) copy.fill(0, Math.floor(copy.length * part), Math.floor(copy.length * part) + 20_000)
  return copy
}

const shorten: Record<string, string> = {
  matroska: 'mkv',
  'matroska,webm': 'mkv',
  'mov,mp4,m4a,3gp,3g2,mj2': 'mp4',
  mpegts: 'ts',
}

/** What an independent reader finds in a film of the formats login. */
export async function describeFilm(mediaDir: string, name: string) {
  const file = join(mediaDir, 'formats', name)
  const args = ['-v', 'quiet', '-of', 'json', '-show_format', '-show_streams', file]
  const { stdout } = await promisify(execFile)('ffprobe', args).catch(() => ({ stdout: '{}' }))
  const { format, streams = [] } = JSON.parse(stdout) as { format?: { format_name: string }; streams?: Probed[] }
  const own = (kind: string) => streams.filter(({ codec_type }) => codec_type === kind)
  const [picture] = own('video')
  const halves =
    picture?.field_order === undefined || ['progressive', 'unknown'].includes(picture.field_order) ? '' : ' interlaced'
  const words = (kind: string) => own(kind).map(({ codec_name, tags }) => [codec_name, tags?.language].filter(Boolean).join(' '))
  return {
    container: shorten[format?.format_name ?? ''] ?? format?.format_name ?? 'none',
    video:
      picture === undefined
        ? ''
        : `${picture.codec_name} ${picture.pix_fmt === 'yuv420p10le' ? '10-bit ' : ''}${rateOf(picture)}${halves}`,
    audio: words('audio').join(', '),
    subtitles: words('subtitle').join(', '),
  }
}

interface Probed {
  codec_type: string
  codec_name: string
  pix_fmt?: string
  field_order?: string
  avg_frame_rate: string
  tags?: { language?: string }
}

function rateOf({ avg_frame_rate: rate }: Probed): string {
  const [pictures = 0, seconds = 1] = rate.split('/').map(Number)
  return seconds === 0 ? '?' : String(Math.round((pictures / seconds) * 1_000) / 1_000)
}
