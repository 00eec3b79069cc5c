/** Attributes by lower-case name; empty values are left out. `rest` begins where no further attribute was found. */
export interface Attributes {
  attributes: Record<string, string>
  rest: string
}

const attribute = /([A-Za-z][\w-]*)=(?:"([^"]*)"?|'([^']*)'?|([^\s,"']*))/y
const knownAfterName = /[\s,]((?:tvg|group|catchup|channel|radio|timeshift|audio|parent|ch|logo)-?[\w-]*)=("[^"]*"|'[^']*'|\S+)/gi

/**
 * Reads `key="value" key='value' key=value` from the start of `text` up to the first comma outside of a value. A quote
 * that was never closed ends where the next `key=` begins.
 */
export function parseAttributes(text: string): Attributes {
  // No prototype: a playlist may call its attributes `constructor`.
  const attributes: Record<string, string> = Object.create(null)
  let at = 0
  while (at < text.length && text[at] !== ',') {
    attribute.lastIndex = at
    const match = attribute.exec(text)
    if (!match) {
      at++
      continue
    }
    const [whole, key = '', double, single, plain] = match
    let value = double ?? single ?? plain ?? ''
    at += whole.length
    const unclosed = double === undefined ? null : /\s([A-Za-z][\w-]*)=$/.exec(value)
    if (unclosed) {
      value = value.slice(0, unclosed.index)
      at = text.indexOf(unclosed[0], match.index) + 1
      // The closing quote that was taken belongs to the next attribute, which is read again from its name.
    }
    if (value.trim() !== '') attributes[key.toLowerCase()] = value.trim()
  }
  return { attributes, rest: text.slice(at) }
}

/** What follows `#EXTINF:`; the name is the text after the comma behind the last quoted value (protocols.md 4.3). */
export function parseExtInf(text: string): { name: string | null; attributes: Record<string, string> } {
  const { attributes, rest } = parseAttributes(text.replace(/^\s*-?\d*(?:\.\d+)?(?=[\s,]|$)/, ''))
  const name = rest.replace(/^,/, '')
  const late = [...` ${name}`.matchAll(knownAfterName)]
  const last = late.at(-1)
  if (!last) return { name: name.trim() || null, attributes }
  for (const [, key = '', value = ''] of late) {
    const bare = value.replace(/^["']|["']$/g, '').trim()
    if (bare) attributes[key.toLowerCase()] = bare
  }
  const after = ` ${name}`.slice(last.index + last[0].length)
  const comma = after.indexOf(',')
  const before = ` ${name}`.slice(0, late[0]?.index)
  return { name: (comma >= 0 ? after.slice(comma + 1) : before).trim() || null, attributes }
}
