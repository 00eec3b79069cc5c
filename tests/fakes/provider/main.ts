import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { prepareMedia, startProvider } from './index.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    media: { type: 'string' },
    ffmpeg: { type: 'string', default: 'ffmpeg' },
  },
})

if (!values.media) {
  console.error('usage: main.ts --media DIR [--port N] [--host ADDRESS] [--ffmpeg PATH]')
  process.exit(2)
}

const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())
process.once('SIGINT', () => stopping.abort())

async function serve(mediaDir: string): Promise<void> {
  await prepareMedia(mediaDir, { ffmpeg: values.ffmpeg, signal: stopping.signal, onProgress: text => console.error(text) })
  const provider = await startProvider({ port: Number(values.port), host: values.host, mediaDir })
  console.log(`provider ready ${provider.url}`)
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
  await provider.close()
}

await serve(values.media).catch(error => {
  if (stopping.signal.aborted) return
  console.error(error)
  process.exitCode = 1
})
