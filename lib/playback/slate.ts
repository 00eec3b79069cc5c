import 'server-only'
import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'

/** Raised when the picture changes, so that old files are not taken for new ones. */
const RECIPE = 1
const SECONDS = 6
const WIDTH = 1280
const HEIGHT = 720
const MAX_REASON_LENGTH = 200
const LINE_LENGTH = 34
const DEADLINE_MS = 20_000
const MAX_CLIP_BYTES = 8 * 2 ** 20

/** Without FFmpeg every try fails alike, and each costs a picture and a process. Milliseconds. */
const FAILURE_MS = 60_000
const failures = () => shared('slate-failures', () => new Map<string, number>())
const running = () => shared('slates', () => new Map<string, Promise<Buffer | null>>())

/**
 * A clip of six seconds that says why there is no picture, as transport stream: apps show nothing of an error status. Made
 * once for each sentence and kept in DATA_DIR. Null when FFmpeg is missing or fails.
 */
export async function slateFor(reason: string): Promise<Buffer | null> {
  const text = reason.trim().slice(0, MAX_REASON_LENGTH)
  const name = createHash('sha256').update(`${RECIPE}\n${text}`).digest('hex').slice(0, 32)
  const known = running().get(name)
  if (known !== undefined) return known
  if (performance.now() - (failures().get(name) ?? Number.NEGATIVE_INFINITY) < FAILURE_MS) return null
  const made = readOrMake(text, name).finally(() => running().delete(name))
  running().set(name, made)
  return made
}

async function readOrMake(text: string, name: string): Promise<Buffer | null> {
  const folder = resolve(env().DATA_DIR, 'slates')
  const path = join(folder, `${name}.ts`)
  try {
    return await readFile(/* turbopackIgnore: true */ path)
  } catch {
    // Not made yet.
  }
  try {
    const picture = await sharp(Buffer.from(drawSlate(text)))
      .png()
      .toBuffer()
    const clip = await encode(picture)
    await mkdir(folder, { recursive: true })
    // Only whole files get the final name: another process may be making the same one.
    const draft = `${path}.${randomUUID()}`
    await writeFile(draft, clip)
    await rename(draft, path)
    return clip
  } catch (error) {
    log().warn({ err: error }, 'a slate could not be made')
    failures().set(name, performance.now())
    return null
  }
}

/** The sentence in the middle of a dark picture. */
export function drawSlate(text: string): string {
  const lines = wrapWords(text)
  const first = HEIGHT / 2 - (lines.length - 1) * 34
  const rows = lines.map((line, at) => `<text x="${WIDTH / 2}" y="${first + at * 68}">${escapeXml(line)}</text>`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#0d1016"/>
<rect x="${WIDTH / 2 - 40}" y="${first - 110}" width="80" height="6" rx="3" fill="#f0b35b"/>
<g fill="#f2f0eb" font-family="Figtree, DejaVu Sans, Noto Sans, sans-serif" font-size="48" text-anchor="middle">${rows}</g></svg>`
}

function wrapWords(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < LINE_LENGTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ')
}

/** What FFmpeg is told. It reads the picture from its input and opens nothing else (reliability.md, finding 4). */
export function slateArguments(): string[] {
  const input = [
    '-protocol_whitelist',
    'pipe',
    '-f',
    'png_pipe',
    '-i',
    'pipe:0',
    '-f',
    'lavfi',
    '-i',
    'anullsrc=r=48000:cl=stereo',
  ]
  const video = ['-vf', 'loop=loop=-1:size=1:start=0,fps=25,format=yuv420p', '-c:v', 'libx264', '-profile:v', 'main', '-g', '25']
  const speed = ['-preset', 'veryfast', '-tune', 'stillimage', '-bf', '0', '-b:v', '600k']
  const audio = ['-c:a', 'aac', '-b:a', '64k', '-ac', '2']
  const output = ['-t', String(SECONDS), '-f', 'mpegts', '-pat_period', '0.5', 'pipe:1']
  return ['-hide_banner', '-loglevel', 'error', '-nostdin', ...input, ...video, ...speed, ...audio, ...output]
}

function encode(picture: Buffer): Promise<Buffer> {
  return new Promise((done, fail) => {
    const child = spawn(env().FFMPEG_PATH, slateArguments(), { stdio: ['pipe', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
    const chunks: Buffer[] = []
    let bytes = 0
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_CLIP_BYTES) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-500)
    })
    child.once('error', fail)
    child.once('close', code => {
      clearTimeout(timer)
      if (code === 0 && bytes > 0) done(Buffer.concat(chunks))
      else fail(new Error(`FFmpeg ended with ${code}: ${complaint.trim()}`))
    })
    // A program that ends early closes its input before everything is written.
    child.stdin.on('error', () => {})
    child.stdin.end(picture)
  })
}
