import { AppError } from '@/lib/kernel/errors'
import { attributeOf, isSpace } from './xmltv-text'

/** Characters of one attribute list or one text (reliability.md B26). */
const MAX_TEXT = 65_536
const MAX_DEPTH = 32
/** Characters of one channel or programme with all it holds. */
const MAX_ELEMENT = 1_048_576

/** Thrown where the text ends inside of an element: the reader comes back with more of it. */
export const incomplete = Symbol('incomplete')

export const limit = (message: string): AppError => new AppError('EPG_LIMIT', { message })

/**
 * Walks along a piece of a document by searching for the next bracket instead of looking at each character. Knows no DTD,
 * no entities and no namespaces, and forgives what browsers forgive. Reading past the end throws `incomplete`.
 */
export class Scanner {
  text = ''
  at = 0
  /** Name of the tag that was opened last, the inside of its brackets after the name, and whether it ended at once. */
  name = ''
  tag = ''
  isClosed = false

  /** What is not read yet, with more behind it. `from` = where the unfinished element begins. */
  continueWith(more: string, from: number): void {
    const rest = this.text.slice(from)
    if (rest.length > MAX_ELEMENT) throw limit('an element is larger than 1 MiB')
    this.text = rest.length > 0 ? rest + more : more
    this.at = 0
  }

  /** Position of the next `<`, or -1. */
  nextBracket(): number {
    return this.text.indexOf('<', this.at)
  }

  is(word: string, at: number): boolean {
    return this.text.startsWith(word, at)
  }

  /** Reads the start tag at `lt`. */
  open(lt: number): void {
    const { text } = this
    const gt = this.#endOfTag(lt)
    let to = lt + 1
    for (let code = text.charCodeAt(to); code !== 62 && code !== 47 && !isSpace(code); code = text.charCodeAt(to)) to++
    this.isClosed = text.charCodeAt(gt - 1) === 47
    this.name = text.slice(lt + 1, to)
    this.tag = text.slice(to, this.isClosed ? gt - 1 : gt)
    this.at = gt + 1
  }

  /** A `>` inside of quotes does not end a tag. */
  #endOfTag(lt: number): number {
    const { text } = this
    let gt = text.indexOf('>', lt)
    while (gt >= 0) {
      if (gt - lt > MAX_TEXT) throw limit('a tag is larger than 64 KiB')
      const before = text.charCodeAt(gt - 1)
      if (before === 34 || before === 39 || !isInsideQuotes(text, lt, gt)) return gt
      gt = text.indexOf('>', gt + 1)
    }
    if (text.length - lt > MAX_TEXT) throw limit('a tag is larger than 64 KiB')
    throw incomplete
  }

  /** Still with its references, like all text that comes from here. */
  attribute(name: string): string | null {
    return attributeOf(this.tag, name)
  }

  /** Passes over an end tag at `lt`. */
  close(lt: number): void {
    this.at = this.#after('>', lt)
  }

  /** Passes over a comment, a CDATA section, a declaration or an instruction at `lt`. */
  skipMarkup(lt: number): void {
    if (this.is('<!--', lt)) this.at = this.#after('-->', lt)
    else if (this.is('<![CDATA[', lt)) this.at = this.#after(']]>', lt)
    else if (this.is('<?', lt)) this.at = this.#after('?>', lt)
    else this.at = this.#after('>', lt)
  }

  #after(mark: string, from: number): number {
    const found = this.text.indexOf(mark, from)
    if (found >= 0) return found + mark.length
    if (this.text.length - from > MAX_TEXT) throw limit(`no ${mark} within 64 KiB`)
    throw incomplete
  }

  /** The text of the element whose start tag was read last, tags inside of it left out. */
  content(): string {
    if (this.isClosed) return ''
    const { text, at } = this
    const lt = text.indexOf('<', at)
    const to = lt < 0 ? text.length : lt
    if (to - at > MAX_TEXT) throw limit('a text is larger than 64 KiB')
    if (lt < 0) throw incomplete
    if (text.charCodeAt(lt + 1) !== 47) return this.#mixedContent()
    const end = lt + 2 + this.name.length
    if (text.charCodeAt(end) === 62) this.at = end + 1
    else this.close(lt)
    return text.slice(at, lt)
  }

  /** The same where the text has CDATA, comments, bare brackets or further elements in it. */
  #mixedContent(): string {
    const { name } = this
    let result = ''
    let depth = 1
    for (;;) {
      const lt = this.nextBracket()
      if (lt < 0) throw incomplete
      result += this.text.slice(this.at, lt)
      if (result.length > MAX_TEXT) throw limit('a text is larger than 64 KiB')
      const code = this.text.charCodeAt(lt + 1)
      if (Number.isNaN(code)) throw incomplete
      if (code === 47) {
        const isOwn = this.is(name, lt + 2)
        this.close(lt)
        depth--
        if (isOwn || depth <= 0) return result
      } else if (code === 33 && this.is('<![CDATA[', lt)) {
        this.skipMarkup(lt)
        result += this.text.slice(lt + 9, this.at - 3).replaceAll('&', '&amp;')
      } else if (code === 33 || code === 63) {
        this.skipMarkup(lt)
      } else if (!isLetter(code)) {
        result += '<'
        this.at = lt + 1
      } else {
        this.open(lt)
        if (!this.isClosed && ++depth > MAX_DEPTH) throw limit('elements are nested deeper than 32')
      }
    }
  }

  /** Calls `visit` for each child of the element whose start tag was read last; a child it does not read is passed over. */
  children(visit: (name: string) => void): void {
    if (this.isClosed) return
    const { name } = this
    for (;;) {
      const lt = this.nextBracket()
      if (lt < 0) throw incomplete
      const code = this.text.charCodeAt(lt + 1)
      if (Number.isNaN(code)) throw incomplete
      if (code === 47) {
        if (this.is('tv>', lt + 2)) return
        const isOwn = this.is(name, lt + 2)
        this.close(lt)
        if (isOwn) return
      } else if (code === 33 || code === 63) {
        this.skipMarkup(lt)
      } else if (!isLetter(code)) {
        this.at = lt + 1
      } else if (name !== 'credits' && (this.is('<programme', lt) || this.is('<channel ', lt))) {
        // The end tag is missing: the next element says that this one is over.
        if (this.text.length - lt < 12) throw incomplete
        return
      } else {
        this.open(lt)
        const before = this.at
        visit(this.name)
        if (this.at === before && !this.isClosed) this.content()
      }
    }
  }
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95

function isInsideQuotes(text: string, lt: number, gt: number): boolean {
  let quote = 0
  for (let at = lt; at < gt; at++) {
    const code = text.charCodeAt(at)
    if (quote === 0 ? code === 34 || code === 39 : code === quote) quote = quote === 0 ? code : 0
  }
  return quote !== 0
}
