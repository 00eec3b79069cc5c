// node --import: lets a measurement run the product's own TypeScript without a build.
import { existsSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function find(path) {
  for (const file of [path, `${path}.ts`, `${path}/index.ts`]) if (existsSync(file) && statSync(file).isFile()) return file
  return null
}

const named = (url, name) => `data:text/javascript,import all from '${url}'; export const ${name} = all.${name}`

registerHooks({
  resolve(name, context, next) {
    if (name === 'server-only') return { url: pathToFileURL(`${root}tests/empty-module.ts`).href, shortCircuit: true }
    // An old kind of package, whose names Node does not see from outside; the build's bundler and Vitest do.
    if (name === 'xz-decompress') return { url: named(next(name, context).url, 'XzReadableStream'), shortCircuit: true }
    const isOwn = name.startsWith('@/')
    const isBeside = name.startsWith('.') && context.parentURL?.startsWith('file:') && !context.parentURL.includes('node_modules')
    if (!isOwn && !isBeside) return next(name, context)
    const file = find(isOwn ? root + name.slice(2) : fileURLToPath(new URL(name, context.parentURL)))
    return file ? { url: pathToFileURL(file).href, shortCircuit: true } : next(name, context)
  },
})
