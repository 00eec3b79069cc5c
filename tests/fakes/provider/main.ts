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

await prepareMedia(values.media, { ffmpeg: values.ffmpeg, onProgress: text => console.error(text) })
const provider = await startProvider({ port: Number(values.port), host: values.host, mediaDir: values.media })
console.log(`provider ready ${provider.url}`)

const stop = () => {
  provider.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
