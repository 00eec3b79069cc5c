import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SampleOptions {
  seconds: number
  /** Seconds between key frames. */
  keySeconds?: number
  video?: 'libx264' | 'libx265' | 'mpeg2video' | null
  audio?: 'aac' | 'mp2' | 'libmp3lame' | 'ac3' | null
  kilobits?: number
  container?: 'mpegts' | 'mp4' | 'matroska'
  extra?: string[]
}

const folder = join(tmpdir(), 'watchtheflix-samples')

/** Real media made by FFmpeg, kept in the temporary folder for the next run. */
export function sampleMedia(options: SampleOptions): Buffer {
  const plan = planSample(options)
  const path = join(folder, createHash('sha256').update(plan.join(' ')).digest('hex').slice(0, 24))
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    // Another test worker may be making the same file: only whole files get the final name.
    const draft = `${path}.${process.pid}`
    execFileSync('ffmpeg', [...plan, `file:${draft}`], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 })
    renameSync(draft, path)
  }
  return readFileSync(path)
}

function planSample(options: SampleOptions): string[] {
  const { seconds, keySeconds = 1, video = 'libx264', audio = 'aac', kilobits = 300, container = 'mpegts', extra = [] } = options
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25:duration=${seconds}`]
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`]
  const keys = Math.round(keySeconds * 25)
  const videoArguments = [
    '-c:v',
    video ?? '',
    '-pix_fmt',
    'yuv420p',
    '-b:v',
    `${kilobits}k`,
    '-g',
    `${keys}`,
    '-keyint_min',
    `${keys}`,
  ]
  if (video === 'libx264') videoArguments.push('-preset', 'ultrafast', '-sc_threshold', '0')
  if (video === 'libx265')
    videoArguments.push('-preset', 'ultrafast', '-x265-params', `keyint=${keys}:min-keyint=${keys}:scenecut=0:log-level=error`)
  return [
    '-hide_banner',
    '-loglevel',
    'error',
    '-y',
    ...(video === null ? [] : picture),
    ...(audio === null ? [] : sound),
    ...(video === null ? [] : videoArguments),
    ...(audio === null ? [] : ['-c:a', audio, '-ac', '2']),
    ...extra,
    '-f',
    container,
  ]
}
