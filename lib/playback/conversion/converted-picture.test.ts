import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { buildArguments } from '@/lib/platform/ffmpeg/arguments'
import { sampleMedia } from '../sample-media.test-support'
import { ConversionSettings } from '../schema'
import { TsScanner } from '../ts/scanner'
import { type LiveConversion, planLiveConversion } from './live-plan'

const able = { filters: new Set(['bwdif', 'zscale', 'tonemap']), hardware: null }
const { qualities } = ConversionSettings.parse({})
const unable = { filters: new Set(['bwdif']), hardware: null }

/** Black, a grey of 34 nits, white of 203 nits and red, side by side. */
const boxes = ['black', '0x646464', 'white', 'red'].map((colour, at) => `drawbox=x=${80 * at}:w=80:h=180:t=fill:c=${colour}`)
const bars = `format=yuv444p,${boxes.join(',')}`

function inHdr(transfer: string): Buffer {
  const light = `zscale=min=bt709:rin=tv:tin=bt709:pin=bt709:npl=203:t=${transfer}:p=bt2020:m=bt2020nc:r=tv`
  const told = `keyint=25:log-level=error:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`
  const extra = ['-vf', `${bars},${light},format=yuv420p10le`, '-pix_fmt', 'yuv420p10le', '-x265-params', told]
  return sampleMedia({ seconds: 2, audio: null, video: 'libx265', extra })
}

interface Converting {
  bytes: Buffer
  abilities: typeof able
  conversion?: Partial<LiveConversion>
}

function convert({ bytes, abilities, conversion = {} }: Converting): Buffer {
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(bytes)
  if (scanner.program === null) throw new Error('no program')
  const plan = planLiveConversion(scanner.program, { mode: 'transcode', maxHeight: null, qualities, ...conversion }, abilities)
  return execFileSync('ffmpeg', buildArguments(plan), {
    input: bytes,
    timeout: 30_000,
    maxBuffer: 64 * 1024 * 1024,
    stdio: 'pipe',
  })
}

/** Luma and red of the four bars in the first frame. */
function lightOf(bytes: Buffer, picture = 0) {
  const raw = execFileSync(
    'ffmpeg',
    [
      ...['-nostdin', '-v', 'error', '-f', 'mpegts', '-i', 'pipe:0', '-map', `0:v:${picture}`, '-frames:v', '1'],
      ...['-vf', 'scale=4:1:flags=area', '-f', 'rawvideo', '-pix_fmt', 'yuv444p', 'pipe:1'],
    ],
    { input: bytes, timeout: 30_000, stdio: 'pipe' },
  )
  const at = (index: number) => raw[index] ?? 0
  return { black: at(0), grey: at(1), white: at(2), red: at(11) }
}

test.each(['smpte2084', 'arib-std-b67'])('the light of a channel in %s becomes that of SDR', transfer => {
  const bytes = inHdr(transfer)
  const made = convert({ bytes, abilities: able })
  const { black, grey, white, red } = lightOf(made)
  expect(black).toBeLessThan(22)
  // As SDR draws the same bars: 102.
  expect(grey).toBeGreaterThan(80)
  expect(grey).toBeLessThan(110)
  expect(white).toBeGreaterThan(165)
  expect(red).toBeGreaterThan(195)
  const colours = execFileSync(
    'ffprobe',
    ['-v', 'error', '-f', 'mpegts', '-show_entries', 'stream=pix_fmt,color_space,color_transfer,color_primaries', 'pipe:0'],
    { input: made, encoding: 'utf8', stdio: 'pipe' },
  )
  expect(colours).toMatch(/pix_fmt=yuv420p\ncolor_space=bt709\ncolor_transfer=bt709\ncolor_primaries=bt709/)
  const untouched = lightOf(convert({ bytes, abilities: unable }))
  // HLG has the white of SDR, and other colours.
  if (transfer === 'smpte2084') expect(white - untouched.white).toBeGreaterThan(20)
  expect(red - untouched.red).toBeGreaterThan(20)
})

test('all qualities have the same light', () => {
  const lower = [1080, 120].map(height => ({ height, kilobits: 300 }))
  const made = convert({ bytes: inHdr('smpte2084'), abilities: able, conversion: { mode: 'ladder', qualities: lower } })
  const [large, small] = [lightOf(made), lightOf(made, 1)]
  for (const bar of ['black', 'grey', 'white', 'red'] as const) expect(Math.abs(large[bar] - small[bar])).toBeLessThan(4)
})

test.each(['libx264', 'libx265'] as const)('%s is converted from its first picture on', video => {
  const made = convert({ bytes: sampleMedia({ seconds: 2, audio: null, video }), abilities: able })
  let pictures = 0
  const onPacket = ({ frame }: { frame: unknown }) => {
    if (frame !== null) pictures++
  }
  new TsScanner({ onPacket, onProgramChange: () => {} }).push(made)
  // The scanner keeps the last one back.
  expect(pictures).toBeGreaterThanOrEqual(49)
})
