import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EnvSchema, parseEnv } from './env'

const database = { DATABASE_URL: 'postgresql://u:p@127.0.0.1/x' }

test('.env.example names every setting, and nothing else', () => {
  const names = readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)
  expect([...names].map(match => match[1]).sort()).toEqual(Object.keys(EnvSchema.shape).sort())
})

test('.env.example gives the defaults', () => {
  const lines = readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=(.+)$/gm)
  const defaults: Record<string, unknown> = parseEnv({ ...database, NODE_ENV: 'production' })
  for (const [, name = '', value] of lines) expect(String(defaults[name]), name).toBe(value)
})

test('everything that is wrong is named at once', () => {
  expect(() => parseEnv({ PORT: 'abc', ROLE: 'king' })).toThrow(/PORT[\s\S]*DATABASE_URL|ROLE[\s\S]*PORT/)
})

test('a server that others can reach refuses loopback upstreams', () => {
  expect(() => parseEnv({ ...database, LOOPBACK_UPSTREAMS: '127.0.0.1:4000', HOST: '0.0.0.0' })).toThrow('LOOPBACK_UPSTREAMS')
  expect(parseEnv({ ...database, LOOPBACK_UPSTREAMS: '127.0.0.1:4000', HOST: '127.0.0.1' }).LOOPBACK_UPSTREAMS).toEqual([
    '127.0.0.1:4000',
  ])
})
