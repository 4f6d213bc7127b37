import { isUtf8 } from 'node:buffer'
import { LamellaError } from '#common/model/errors.ts'
import { quoted } from './file-error.ts'

/**
 * Reads JSON out of bytes one value at a time, for texts that come from strangers: it keeps nothing,
 * never recurses, sees duplicate keys and says where the text goes wrong.
 */
export class JsonReader {
  position = 0
  /** Where words of Python's that are no JSON stood, such as `NaN`: the first byte and the one after the last. */
  readonly notFinite: (readonly [from: number, to: number])[] = []
  readonly #bytes: Buffer
  readonly #subject: string
  readonly #recent: string[] = []

  /**
   * @param subject begins every error: the file's name and the part that is read
   * @throws LamellaError when the bytes are not UTF-8
   */
  constructor(bytes: Uint8Array, subject: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#subject = subject
    if (!isUtf8(bytes)) throw this.error('is not UTF-8 text')
  }

  error(cause: string): LamellaError {
    return new LamellaError('file-invalid', `${this.#subject} ${cause}`)
  }

  /** The next byte that is no white space, not consumed; -1 at the end. */
  peek(): number {
    const bytes = this.#bytes
    for (; this.position < bytes.length; this.position++) {
      const byte = bytes[this.position]!
      if (byte !== space && byte !== newline && byte !== tab && byte !== carriageReturn) return byte
    }
    return -1
  }

  /** Consumes one structural character. */
  expect(character: string): void {
    if (this.peek() !== character.charCodeAt(0)) throw this.#unexpected(`"${character}"`)
    this.position++
  }

  /** Consumes the character if it comes next. */
  take(character: string): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false
    this.position++
    return true
  }

  string(): string {
    if (this.peek() !== quote) throw this.#unexpected('a string')
    const bytes = this.#bytes
    const start = this.position + 1
    let end = start
    let escaped = false
    let wide = false
    for (; ; end++) {
      const byte = bytes[end]
      if (byte === quote) break
      if (byte === undefined) throw this.error('ends in the middle of a string')
      if (byte < space)
        throw this.error(`is not JSON: a bare control character at ${this.#placeOf(end)}`)
      if (byte === backslash) {
        escaped = true
        end++
      } else if (byte >= 0x80) wide = true
    }
    this.position = end + 1
    if (escaped) return this.#unescape(start - 1, end + 1)
    return wide ? bytes.toString('utf8', start, end) : this.#ascii(start, end)
  }

  /** A key of an object with its colon. */
  key(): string {
    const key = this.string()
    this.expect(':')
    return key
  }

  /**
   * A whole number in plain digits, at least 0 and below 2^53.
   * @param what what it is, and of whom, for the error
   */
  wholeNumber(what: string, owner: string): number {
    // A header has millions of these; nearly all are plain and short.
    this.peek()
    const bytes = this.#bytes
    let end = this.position
    let short = 0
    for (let byte; (byte = bytes[end]!) >= zero && byte <= nine; end++)
      short = short * 10 + byte - zero
    const length = end - this.position
    const plain = length === 1 || (length < 16 && bytes[this.position] !== zero)
    if (length > 0 && plain && !isNumberByte(bytes[end])) {
      this.position = end
      return short
    }
    const text = this.#number()
    const value = Number(text)
    const wrong = !/^-?\d+$/.test(text)
      ? 'not a whole number'
      : text.startsWith('-')
        ? 'negative'
        : value > Number.MAX_SAFE_INTEGER
          ? 'not below 2^53'
          : null
    if (wrong === null) return value
    throw this.error(`has ${what} of ${quoted(owner)} that is ${wrong}: ${text.slice(0, 40)}`)
  }

  /**
   * Consumes one value of any kind and checks that it is JSON.
   * @param options `notFinite`: whether the words that Python writes for numbers that are not finite may stand in it
   */
  skip(options: {
    depthLimit: number
    duplicateKeys: 'refuse' | 'accept'
    notFinite?: 'refuse' | 'accept'
  }): void {
    // One entry an open bracket: the keys seen in an object, null in an array.
    const open: (Set<string> | null)[] = []
    const seen = (keys: Set<string>): void => {
      const key = this.key()
      if (options.duplicateKeys === 'accept') return
      if (keys.has(key)) throw this.error(`has the duplicate key ${quoted(key)}`)
      keys.add(key)
    }
    do {
      const byte = this.peek()
      const opens = byte === brace || byte === bracket
      if (opens) {
        this.position++
        if (open.length >= options.depthLimit)
          throw this.error(`is nested deeper than ${options.depthLimit} levels`)
        if (byte === brace) {
          if (!this.take('}')) {
            const keys = new Set<string>()
            open.push(keys)
            seen(keys)
            continue
          }
        } else if (!this.take(']')) {
          open.push(null)
          continue
        }
      } else if (options.notFinite !== 'accept' || !this.#notFinite()) this.#scalar(byte)
      // A value has ended: close what it ends, or go on to the next member.
      while (open.length > 0) {
        const keys = open.at(-1)!
        if (this.take(',')) {
          if (keys !== null) seen(keys)
          break
        }
        this.expect(keys === null ? ']' : '}')
        open.pop()
      }
    } while (open.length > 0)
  }

  /** Checks that nothing but white space is left. */
  end(): void {
    if (this.peek() !== -1)
      throw this.error(`is not JSON: something follows the end at ${this.#placeOf(this.position)}`)
  }

  #notFinite(): boolean {
    const word = this.#wordOf(notFinite)
    if (word === undefined) return false
    const from = this.position
    this.position += word.length
    this.notFinite.push([from, this.position])
    return true
  }

  #wordOf(words: readonly Buffer[]): Buffer | undefined {
    return words.find(word =>
      this.#bytes.subarray(this.position, this.position + word.length).equals(word)
    )
  }

  #scalar(byte: number): void {
    if (byte === quote) this.string()
    else if (byte === minus || (byte >= zero && byte <= nine)) this.#number()
    else {
      const word = this.#wordOf(literals)
      if (word === undefined) throw this.#unexpected('a value')
      this.position += word.length
    }
  }

  #number(): string {
    this.peek()
    const start = this.position
    let end = start
    while (isNumberByte(this.#bytes[end])) end++
    const text = this.#bytes.toString('latin1', start, end)
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw this.#unexpected('a number')
    this.position = end
    return text
  }

  /** Plain characters; the short words that come again and again are made once. */
  #ascii(start: number, end: number): string {
    const bytes = this.#bytes
    const length = end - start
    if (length === 0 || length > 16) return bytes.toString('latin1', start, end)
    const slot = (bytes[start]! * 31 + bytes[end - 1]! + length) & 63
    const recent = this.#recent[slot]
    if (recent?.length === length) {
      let same = 0
      while (same < length && recent.charCodeAt(same) === bytes[start + same]) same++
      if (same === length) return recent
    }
    return (this.#recent[slot] = bytes.toString('latin1', start, end))
  }

  #unescape(start: number, end: number): string {
    const literal = this.#bytes.toString('utf8', start, end)
    let text: unknown
    try {
      text = JSON.parse(literal)
    } catch {
      throw this.error(`is not JSON: a wrong escape in the string at ${this.#placeOf(start)}`)
    }
    return text as string
  }

  /** Where a byte is: in a text of several lines as editors count, from 1; else by its number, from 0. */
  #placeOf(position: number): string {
    if (!this.#bytes.includes(newline)) return `byte ${position}`
    const lines = this.#bytes.toString('utf8', 0, position).split('\n')
    return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`
  }

  #unexpected(wanted: string): LamellaError {
    const byte = this.#bytes[this.position]
    if (byte === undefined) return this.error(`ends where ${wanted} was expected`)
    const got =
      byte > space && byte < 0x7f
        ? `"${String.fromCharCode(byte)}"`
        : `0x${byte.toString(16).padStart(2, '0')}`
    return this.error(
      `is not JSON: expected ${wanted} at ${this.#placeOf(this.position)}, got ${got}`
    )
  }
}

const [tab, newline, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20]
const [quote, minus, zero, nine, bracket, backslash, brace] = [
  0x22, 0x2d, 0x30, 0x39, 0x5b, 0x5c, 0x7b
]
const literals = ['true', 'false', 'null'].map(word => Buffer.from(word))
const notFinite = ['NaN', 'Infinity', '-Infinity'].map(word => Buffer.from(word))

function isNumberByte(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= zero && byte <= nine) ||
      byte === minus ||
      byte === 0x2b ||
      byte === 0x2e ||
      byte === 0x45 ||
      byte === 0x65)
  )
}
