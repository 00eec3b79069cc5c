import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

function* routeFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* routeFiles(path)
    else if (entry.name === 'route.ts') yield path
  }
}

test.each([...routeFiles('app')])('%s exports only handlers that carry a policy', async file => {
  const module: Record<string, unknown> = await import(/* @vite-ignore */ join(process.cwd(), file))
  const handlers = Object.entries(module).filter(([name]) => methods.includes(name))
  expect(handlers.length).toBeGreaterThan(0)
  for (const [name, handler] of handlers) expect(handler, `${name} of ${file}`).toHaveProperty('policy.who')
})
