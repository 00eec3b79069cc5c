import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ClientWorld, startClientWorld } from '../integration/client-steps'
import { run } from './programs'

// What Debian's tools say of our guide, and what curl can do to our addresses.

let world: ClientWorld
const folder = mkdtempSync(join(tmpdir(), 'wtf-clients-'))
const DTD = '/usr/share/xmltv/xmltv.dtd'

beforeAll(async () => {
  world = await startClientWorld()
})

afterEach(() => world.hangUp())

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  expect(world.failures).toEqual([])
  await world.endAll()
})

describe('the guide', () => {
  const fetched = async (query = '') => Buffer.from(await (await fetch(world.xmltv(query))).arrayBuffer())
  const guideFile = async () => {
    const file = join(folder, 'guide.xml')
    writeFileSync(file, await fetched())
    return file
  }

  test('tv_validate_file finds nothing to say', async () => {
    const { code, out, errors } = await run('tv_validate_file', ['--dtd-file', DTD, await guideFile()])
    expect([code, `${out}${errors}`.trim()]).toEqual([0, expect.stringContaining('Validated ok')])
  })

  test('xmllint: valid by the DTD', async () => {
    // It looks for the DTD that the document names beside the document.
    copyFileSync(DTD, join(folder, 'xmltv.dtd'))
    const { code, errors } = await run('xmllint', ['--noout', '--dtdvalid', DTD, await guideFile()])
    expect([code, errors]).toEqual([0, ''])
  })

  test('tv_count counts what was fetched', async () => {
    const text = (await fetched()).toString()
    const { out } = await run('tv_count', ['-i', await guideFile()])
    expect(out.toString()).toContain(String(text.split('<programme ').length - 1))
  })

  test('gunzip unpacks gzip=1 to the same document', async () => {
    const { code, out } = await run('gunzip', ['-c'], { input: await fetched('&gzip=1') })
    expect(code).toBe(0)
    expect(out.equals(await fetched())).toBe(true)
  })
})

describe('curl', () => {
  /** Status, headers and body; `--raw` bodies stay as they came. */
  async function curl(...args: string[]) {
    const file = join(folder, 'headers')
    const { code, out } = await run('curl', ['-sS', '-D', file, ...args])
    const { out: head } = await run('cat', [file])
    const [line = '', ...rest] = head.toString().trim().split('\r\n')
    const headers = Object.fromEntries(rest.map(text => text.split(/:\s*(.*)/).slice(0, 2))) as Record<string, string>
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    return { code, status: Number(line.split(' ')[1]), headers: named, body: out }
  }
  const api = () => `${world.base}/player_api.php`
  const movie = () => world.at('movie', `${world.mp4.id}.mp4`)

  test('POST says what GET says', async () => {
    const query = `${world.line.query}&action=get_live_streams`
    const [asked, posted] = [await curl(`${api()}?${query}`), await curl('-X', 'POST', '-d', query, api())]
    expect([asked.status, posted.status]).toEqual([200, 200])
    expect(posted.body.equals(asked.body)).toBe(true)
    for (const file of ['get.php', 'xmltv.php']) {
      const answer = await curl('-d', world.line.query, `${world.base}/${file}`)
      expect([file, answer.status, answer.body.length > 10_000]).toEqual([file, 200, true])
    }
  })

  test('HEAD has the headers and no body', async () => {
    for (const [address, type] of [
      [`${api()}?${world.line.query}`, 'application/json; charset=utf-8'],
      [world.playlist(), 'audio/x-mpegurl; charset=utf-8'],
      [world.xmltv(), 'application/xml; charset=utf-8'],
      [world.at('live', `${world.channel.id}.ts`), 'video/mp2t'],
      [world.at('live', `${world.channel.id}.m3u8`), 'application/vnd.apple.mpegurl'],
      [movie(), 'video/mp4'],
      [world.at('movie', `${world.mkv.id}.mkv`), 'video/x-matroska'],
      [world.at('series', `${world.episode.id}.mp4`), 'video/mp4'],
    ] as const) {
      const { code, status, headers } = await curl('-I', '-o', '/dev/null', address)
      expect([address, code, status, headers['content-type']]).toEqual([address, 0, 200, type])
    }
  })

  test('HEAD of a film neither opens a connection nor ends the film that its line plays', async () => {
    const line = await world.makeLine({ providerIds: [world.providerId], maxConnections: 1 })
    const playing = await fetch(`${world.base}/movie/${line.path}/${world.mp4.id}.mp4`)
    const before = await connectionsOf(line.id)
    const answer = await curl('-I', '-A', 'a checker', `${world.base}/movie/${line.path}/${world.mkv.id}.mkv`)
    expect([answer.status, answer.headers['accept-ranges']]).toEqual([200, 'bytes'])
    expect([before, await connectionsOf(line.id)]).toEqual([1, 1])
    expect((await playing.arrayBuffer()).byteLength).toBe(Number(playing.headers.get('content-length')))
    const { endLineConnections } = await import('@/lib/playback')
    await endLineConnections(world.viewer, line.id)
  })

  test('OPTIONS allows apps on other sites', async () => {
    for (const address of [api(), world.xmltv(), movie(), world.at('live', `${world.channel.id}.m3u8`)]) {
      const preflight = ['-H', 'Origin: https://app.example', '-H', 'Access-Control-Request-Method: GET']
      const { status, headers } = await curl('-X', 'OPTIONS', ...preflight, address)
      expect([status, headers['access-control-allow-origin']]).toEqual([204, '*'])
      expect(headers['access-control-allow-methods']).toContain('GET')
      expect(headers['access-control-allow-headers']).toContain('range')
    }
  })

  test('ranges of a film', async () => {
    const first = await curl('-r', '0-99', movie())
    expect([first.status, first.body.length]).toEqual([206, 100])
    const [, total = ''] = /^bytes 0-99\/(\d+)$/.exec(first.headers['content-range'] ?? '') ?? []
    expect(Number(total)).toBeGreaterThan(1_000_000)
    const last = await curl('-r', '-100', movie())
    expect([last.status, last.body.length, last.headers['content-range']]).toEqual([
      206,
      100,
      `bytes ${Number(total) - 100}-${Number(total) - 1}/${total}`,
    ])
    const beyond = await curl('-r', `${total}-`, movie())
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${total}`])
  })

  test('--compressed brings the same, in fewer bytes', async () => {
    const address = `${api()}?${world.line.query}&action=get_vod_streams`
    const [plain, unpacked] = [await curl(address), await curl('--compressed', address)]
    expect(unpacked.headers['content-encoding']).toBe('gzip')
    expect(unpacked.body.equals(plain.body)).toBe(true)
    expect(Number(unpacked.headers['content-length'])).toBeLessThan(plain.body.length / 2)
    const guide = await curl('--compressed', world.xmltv())
    expect([guide.headers['content-encoding'], guide.body.equals((await curl(world.xmltv())).body)]).toEqual(['gzip', true])
  })

  test('If-None-Match: 304 without a body', async () => {
    for (const address of [`${api()}?${world.line.query}&action=get_live_streams`, world.xmltv()]) {
      const { headers } = await curl(address)
      const again = await curl('-H', `If-None-Match: ${headers.etag}`, address)
      expect([again.status, again.body.length]).toEqual([304, 0])
    }
  })
})

async function connectionsOf(lineId: number): Promise<number> {
  const { listConnections } = await import('@/lib/playback')
  return (await listConnections(world.viewer)).filter(({ line }) => line?.id === lineId).length
}
