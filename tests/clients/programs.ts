import { spawn } from 'node:child_process'

export interface Outcome {
  /** Null when it was ended by a signal. */
  code: number | null
  out: Buffer
  errors: string
  /** How long it ran. */
  ms: number
}

export interface RunOptions {
  /** Ends the program after this many bytes on its standard output. */
  enough?: number
  /** Ends the program once it has said this on its error output. */
  until?: RegExp
  seconds?: number
  input?: Buffer
  env?: Record<string, string>
}

/** Runs a client as a person would. Nothing is thrown for a code other than 0: the test says what it expects. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { enough = Number.POSITIVE_INFINITY, until, seconds = 45, input, env } = options
  const began = performance.now()
  return new Promise((resolve, reject) => {
    // A group of its own: some clients are scripts that start others.
    const child = spawn(program, args, { env: { ...process.env, ...env }, detached: true })
    const parts: Buffer[] = []
    let bytes = 0
    let errors = ''
    const end = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    }
    const timer = setTimeout(() => {
      errors += `\nnot done within ${seconds} s`
      end()
    }, seconds * 1_000)
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part)
      bytes += part.length
      if (bytes >= enough) end()
    })
    child.stderr.on('data', (part: Buffer) => {
      errors = (errors + part.toString()).slice(-2_000_000)
      if (until?.test(errors)) end()
    })
    child.once('error', reject)
    child.once('close', code => {
      clearTimeout(timer)
      resolve({ code, out: Buffer.concat(parts), errors, ms: performance.now() - began })
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

interface Probe {
  streams: { codec_name: string; codec_type: string }[]
  format: { format_name: string; duration?: string }
}

/** What ffprobe sees at an address. */
export async function probe(url: string): Promise<Probe> {
  const { code, out, errors } = await run('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', url])
  if (code !== 0) throw new Error(`ffprobe ended with ${code} at ${url}: ${errors}`)
  return JSON.parse(out.toString())
}
