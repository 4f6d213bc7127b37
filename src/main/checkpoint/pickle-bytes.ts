import { LamellaError } from '#common/model/errors.ts'

/** Longest number in a pickle; PyTorch writes none past 16 bytes. */
const numberLimit = 1024

/** The bytes of a pickle with a place in them. */
export class PickleBytes {
  position = 0
  /** Whether reading went past the end: a longer piece of the file might hold more. */
  ranOut = false
  readonly bytes: Buffer
  readonly #subject: string

  /** @param subject begins every error: the file's name */
  constructor(bytes: Uint8Array, subject: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#subject = subject
  }

  error(cause: string): LamellaError {
    return new LamellaError('file-invalid', `${this.#subject}: the pickle ${cause}`)
  }

  /** The error for a pickle that asks for more than weights need. */
  refusal(cause: string): LamellaError {
    return new LamellaError(
      'unsupported',
      `${this.#subject}: the pickle ${cause}`,
      'Save the weights alone, such as with torch.save(model.state_dict(), path).'
    )
  }

  /** Moves past `length` bytes and gives where they began. */
  skip(length: number): number {
    const start = this.position
    if (length > this.bytes.length - start) {
      this.ranOut = true
      throw this.error(
        length > 8
          ? `states ${length} bytes at byte ${start}, past its end`
          : `ends in the middle of an instruction at byte ${start}`
      )
    }
    this.position += length
    return start
  }

  u8(): number {
    return this.bytes[this.skip(1)]!
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2))
  }

  i32(): number {
    return this.bytes.readInt32LE(this.skip(4))
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4))
  }

  /** A length of eight bytes; what no file can hold runs out at once. */
  u64(): number {
    return Number(this.bytes.readBigUInt64LE(this.skip(8)))
  }

  f64(): number {
    return this.bytes.readDoubleBE(this.skip(8))
  }

  blob(length: number): Uint8Array {
    const start = this.skip(length)
    return new Uint8Array(this.bytes.subarray(start, start + length))
  }

  text(length: number): string {
    const start = this.skip(length)
    return this.bytes.toString('utf8', start, start + length)
  }

  /** The text up to the next newline, which is consumed. */
  line(encoding: 'utf8' | 'latin1' = 'utf8'): string {
    const end = this.bytes.indexOf(0x0a, this.position)
    if (end === -1) {
      this.ranOut = true
      throw this.error(`ends in the middle of a line at byte ${this.position}`)
    }
    const text = this.bytes.toString(encoding, this.position, end)
    this.position = end + 1
    return text
  }

  /** A little-endian integer in two's complement. */
  long(length: number): number | bigint {
    if (length < 0 || length > numberLimit) throw this.error(`has a number of ${length} bytes`)
    const start = this.skip(length)
    if (length === 0) return 0
    const hex = Buffer.from(this.bytes.subarray(start, start + length))
      .reverse()
      .toString('hex')
    return shortest(BigInt.asIntN(length * 8, BigInt(`0x${hex}`)))
  }

  /** A line with an integer, `01` and `00` being true and false. */
  integerLine(): number | bigint | boolean {
    const text = this.line()
    if (text === '01' || text === '00') return text === '01'
    const digits = /^\s*([+-]?\d+)L?\s*$/.exec(text)?.[1]
    if (digits === undefined || digits.length > numberLimit)
      throw this.error(`has a line that is no whole number before byte ${this.position}`)
    return shortest(BigInt(digits.replace(/^\+/, '')))
  }

  floatLine(): number {
    const text = this.line().trim()
    const word = /^([+-]?)(inf|nan)(inity)?$/i.exec(text)
    if (word) return word[2]!.toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
      throw this.error(`has a line that is no number before byte ${this.position}`)
    return Number(text)
  }

  /** A string as Python's repr writes it. */
  quotedLine(): string {
    const inner = /^\s*(['"])(.*)\1\s*$/.exec(this.line())?.[2]
    if (inner === undefined)
      throw this.error(`has a line that is no quoted string before byte ${this.position}`)
    return inner.replace(/\\(x[\da-fA-F]{2}|[0-7]{1,3}|.)/g, (_, escape: string) =>
      escape.startsWith('x')
        ? String.fromCharCode(parseInt(escape.slice(1), 16))
        : /^[0-7]/.test(escape)
          ? String.fromCharCode(parseInt(escape, 8) & 0xff)
          : (controls.get(escape) ?? escape)
    )
  }

  /** A string in Python's raw-unicode-escape. */
  rawUnicodeLine(): string {
    return this.line('latin1').replace(
      /\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})/g,
      (whole, short, long) => {
        const code = parseInt(String(short ?? long), 16)
        return code > 0x10ffff ? String(whole) : String.fromCodePoint(code)
      }
    )
  }
}

const controls = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v']
])

function shortest(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
