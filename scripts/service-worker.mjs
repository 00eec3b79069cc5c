// The service worker of a build: one script with the list of the files it keeps on the device.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { injectManifest } from 'workbox-build'
import { root } from './steps.mjs'

export const SERVICE_WORKER = 'service-worker.js'
// More than this on every device is a mistake in the build, not a wish.
const MAX_FILE_BYTES = 1_500_000
const MAX_TOTAL_BYTES = 6_000_000
const icons = ['icon-192.png', 'icon.svg']

const revisionOf = name =>
  createHash('sha256')
    .update(readFileSync(join(root, 'public', name)))
    .digest('hex')
    .slice(0, 16)

async function bundle(outfile) {
  await build({
    entryPoints: [join(root, 'components/offline/worker/worker.ts')],
    tsconfig: join(root, 'components/offline/worker/tsconfig.json'),
    outfile,
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  })
}

/** Writes service-worker.js into the build's folder. Only files whose names carry a hash are kept, and two icons. */
export async function buildServiceWorker(distDir) {
  const script = join(distDir, SERVICE_WORKER)
  const bundled = join(distDir, 'cache', SERVICE_WORKER)
  await bundle(bundled)
  const { count, size, warnings } = await injectManifest({
    swSrc: bundled,
    swDest: script,
    globDirectory: join(distDir, 'static'),
    globPatterns: ['chunks/**/*.{js,css}', 'media/**/*.woff2'],
    modifyURLPrefix: { '': '/_next/static/' },
    dontCacheBustURLsMatching: /^\/_next\/static\//,
    additionalManifestEntries: [
      ...icons.map(name => ({ url: `/${name}`, revision: revisionOf(name) })),
      // The page names scripts of this build: each build has its own.
      { url: '/offline', revision: readFileSync(join(distDir, 'BUILD_ID'), 'utf8') },
    ],
    maximumFileSizeToCacheInBytes: MAX_FILE_BYTES,
  })
  if (warnings.length > 0) throw new Error(`The service worker's list of files is not complete: ${warnings.join('; ')}`)
  if (size > MAX_TOTAL_BYTES) throw new Error(`The service worker would keep ${size} bytes on every device`)
  process.stdout.write(`  service worker: ${count} files, ${Math.round(size / 1000)} kB\n`)
}
