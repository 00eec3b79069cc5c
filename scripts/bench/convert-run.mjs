// The process that converts: samples made once, each through FFmpeg as the product runs it. Prints one line of JSON.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

Object.assign(process.env, { DATABASE_URL: 'postgresql://nowhere.invalid/none', LOG_LEVEL: 'silent', TRANSCODE_CORES: '64' })
const { TsScanner } = await import('@/lib/playback/ts/scanner')
const { planLiveConversion } = await import('@/lib/playback/conversion/live-plan')
const { conversionCost } = await import('@/lib/playback/conversion-cost')
const { factsOf } = await import('@/lib/playback/facts')
const { ffmpegAbilities, runFfmpeg } = await import('@/lib/platform/ffmpeg')

const SECONDS = 20
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

function sample(name, size, codecs) {
  const file = join(tmpdir(), `watchtheflix-bench-${name}.ts`)
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`
    const inputs = `-f lavfi -i testsrc2=size=${size}:rate=25,noise=alls=6:allf=t -f lavfi -i sine=440:r=48000`
    const args = `-hide_banner -loglevel error -y ${inputs} -t ${SECONDS} -pix_fmt yuv420p -g 50 ${codecs} -f mpegts`
    execFileSync(process.env.FFMPEG_PATH ?? 'ffmpeg', [...args.split(' '), `file:${draft}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    renameSync(draft, file)
  }
  return readFileSync(file)
}

/** Seconds of processor that a child of ours has used; null once it is gone. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  } catch {
    return null
  }
}

async function convert(name, bytes, mode) {
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(bytes)
  const { program } = scanner
  const plan = planLiveConversion(program, { mode, maxHeight: null }, await ffmpegAbilities())
  const run = runFfmpeg({ plan, limits: { totalMs: 300_000, stallMs: 60_000 }, cores: 0 })
  let cpu = 0
  const timer = setInterval(() => {
    cpu = cpuOf(run.pid) || cpu
  }, 20)
  run.outputs[0].resume()
  run.inputs[0].end(bytes)
  const end = await run.end
  clearInterval(timer)
  if (end.kind !== 'finished') throw end.error
  const { video } = factsOf(program)
  const nominal = conversionCost(video, mode) * SECONDS
  // As conversionCost counts: what is encoded, and a quarter of what is decoded.
  const pixels = mode === 'audio' ? null : ((conversionCost(video, mode) - conversionCost(video, 'audio')) * SECONDS * 70e6) / cpu
  return { name, factor: SECONDS / cpu, pixels, estimate: nominal / cpu }
}

const full = sample('convert-1080', '1920x1080', '-c:v libx264 -preset ultrafast -b:v 8M -c:a ac3')
const old = sample('convert-576', '720x576', '-c:v mpeg2video -flags +ilme+ildct -b:v 4M -c:a mp2')
const hevc = sample('convert-hevc', '1280x720', '-c:v libx265 -preset ultrafast -x265-params log-level=error -b:v 3M -c:a eac3')
const rows = [
  await convert('sound of 1080p as AAC', full, 'audio'),
  await convert('576i to whole frames', old, 'transcode'),
  await convert('720p of HEVC as H.264', hevc, 'transcode'),
  await convert('1080p as H.264', full, 'transcode'),
  await convert('1080p in five qualities', full, 'ladder'),
]
process.stdout.write(JSON.stringify(rows))
process.exit(0)
