import { PASSWORD } from './accounts.ts'
import { sendText } from './replies.ts'
import { scenarios } from './scenarios.ts'
import type { Exchange } from './world.ts'

export function serveFrontPage(x: Exchange): void {
  const rows = Object.entries(scenarios).map(([name, s]) => `<tr><td><code>${name}</code></td><td>${s.about}</td></tr>`)
  const style =
    'body{font:16px/1.5 system-ui;margin:3rem auto;max-width:48rem;padding:0 1rem;background:#14121f;color:#eee}td{padding:.2rem 1rem .2rem 0}a{color:#ffb38a}code{color:#ffd9a0}'
  const links = `<p>Playlist: <a href="/playlist.m3u">/playlist.m3u</a> · Guide: <a href="/guide.xml">/guide.xml</a></p>`
  const text = `<!doctype html><meta charset="utf-8"><title>Demo provider</title><style>${style}</style><h1>Demo provider</h1><p>Server <code>${x.origin}</code>, password <code>${PASSWORD}</code>, and one of these user names:</p><table>${rows.join('')}</table>${links}`
  sendText(x.res, 200, text, 'text/html; charset=utf-8')
}
