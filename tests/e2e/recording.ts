import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Page } from '@playwright/test'

/** Pictures a second in the recording; the browser sends one whenever something changes. */
const RATE = 12

/**
 * Records what the page shows to a WebM file until the answer is called. Pictures come from the browser's own screencast, so that nothing
 * has to be installed for it but the FFmpeg that is there.
 */
export async function recordPage(page: Page, path: string): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  const input = ['-f', 'image2pipe', '-framerate', String(RATE), '-c:v', 'mjpeg', '-i', 'pipe:0']
  const output = [
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-b:v',
    '1500k',
    '-vf',
    'pad=ceil(iw/2)*2:ceil(ih/2)*2',
    path,
  ]
  await mkdir(dirname(path), { recursive: true })
  const ffmpeg = spawn('ffmpeg', ['-loglevel', 'error', '-y', ...input, ...output], { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(ffmpeg, 'exit')
  let newest: Buffer | null = null
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    newest = Buffer.from(data, 'base64')
    void session.send('Page.screencastFrameAck', { sessionId }).catch(() => {})
  })
  const { width = 1_280, height = 800 } = page.viewportSize() ?? {}
  await session.send('Page.startScreencast', { format: 'jpeg', quality: 80, maxWidth: width, maxHeight: height })
  ffmpeg.stdin.on('error', () => {})
  // The same picture again while nothing changes: time goes on in the recording, too.
  const timer = setInterval(() => newest !== null && ffmpeg.stdin.write(newest), 1_000 / RATE)
  return async () => {
    clearInterval(timer)
    await session.detach()
    ffmpeg.stdin.end()
    const [code] = await ended
    if (code !== 0) throw new Error(`the recording could not be written: FFmpeg ended with ${code}`)
  }
}
