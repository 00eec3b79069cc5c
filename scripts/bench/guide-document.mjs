// A guide as providers send them, of any size, written piece by piece: 560 bytes a programme, accents, references, credits.
import { closeSync, openSync, writeSync } from 'node:fs'

const PER_CHANNEL = 336
const HALF_HOUR = 1_800_000
const titles = [
  'Morning News',
  'Café Europa',
  'Racing Weekend',
  'The Last Lighthouse',
  'Tom &amp; the Sea',
  'Kultur Heute',
  'Señales',
]
const sentences = [
  'The stories that matter, told without hurry by people who know them well.',
  'A new chapter begins, and an old question finally gets its answer after all these years.',
  'Nos équipes voyagent là où la plupart d’entre nous ne vont jamais.',
  'Guests, surprises and a few strong opinions; &quot;no script&quot;, they say.',
]

const stamp = ms => `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`

function programme(channel, n, began) {
  const start = began + n * HALF_HOUR
  const pick = channel * 31 + n * 7
  const credits = n % 4 === 0 ? '<credits><director>Ana Ruiz</director><actor role="Host">Bo Chen</actor></credits>' : ''
  const marks = n % 5 === 0 ? '<new/>' : '<previously-shown/>'
  const text = [0, 1, 2].map(k => sentences[(pick + k) % sentences.length]).join(' ')
  return `  <programme start="${stamp(start)}" stop="${stamp(start + HALF_HOUR)}" channel="channel${channel}.demo">
    <title lang="en">${titles[pick % titles.length]}</title>
    <sub-title lang="en">Part ${n % 12}</sub-title>
    <desc lang="en">${text}</desc>
    ${credits}<date>2026</date>
    <category lang="en">News</category>
    <episode-num system="xmltv_ns">${n % 6}.${n % 20}.</episode-num>
    ${marks}
  </programme>
`
}

/** Writes `count` programmes of a week from yesterday on, half an hour each, and returns how many channels they are of. */
export function writeGuide(file, count) {
  const out = openSync(file, 'w')
  const channels = Math.ceil(count / PER_CHANNEL)
  const began = Math.floor(Date.now() / HALF_HOUR) * HALF_HOUR - 20 * HALF_HOUR
  writeSync(out, '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n<tv generator-info-name="bench">\n')
  for (let c = 0; c < channels; c++) {
    writeSync(out, `  <channel id="channel${c}.demo"><display-name>Channel ${c}</display-name></channel>\n`)
  }
  for (let c = 0; c < channels; c++) {
    let text = ''
    for (let n = 0; n < PER_CHANNEL && c * PER_CHANNEL + n < count; n++) text += programme(c, n, began)
    writeSync(out, text)
  }
  writeSync(out, '</tv>\n')
  closeSync(out)
  return channels
}
