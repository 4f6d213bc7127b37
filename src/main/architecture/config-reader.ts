import { LamellaError } from '#common/model/errors.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** config.json, as parsed. */
export type RawConfig = Readonly<Record<string, unknown>>

/** No published model comes near these; a larger number is a broken or hostile file. */
const largestWidth = 2 ** 24
export const mostBlocks = 4096
const longestList = 65_536
const largestFloat = 3.402_823_466e38

/**
 * Reads config.json field by field; null counts as missing.
 * @throws LamellaError `file-invalid` naming the field, what it must be and what it is
 */
export interface ConfigReader {
  /** A whole number from 1 to 2^24, or to `most`; the fallback where the field is missing. */
  width(name: string, fallback?: number, most?: number): number
  /** The number of blocks: a whole number from 1 to 4096, or to `most`. */
  blocks(name: string, fallback?: number, most?: number): number
  /** A finite number. */
  number(name: string, fallback: number): number
  /** A finite number of 0 or more. */
  notNegative(name: string, fallback: number): number
  /** A finite number above 0. */
  positive(name: string, fallback: number): number
  /** A number above 0 and up to 1. */
  fraction(name: string, fallback: number): number
  /** A whole number from 0 to 2^24. */
  index(name: string, fallback: number): number
  boolean(name: string, fallback: boolean): boolean
  /** One of the keys of a table, looked up. */
  choice<T>(name: string, table: Readonly<Record<string, T>>, fallback: string): T
  has(name: string): boolean
  /** Whether the field is there, also as null: of some it says that there is none of what it is about. */
  given(name: string): boolean
  /** The error for a field that does not fit others. */
  invalid(name: string, expected: string): LamellaError
  /** The error for a value whose meaning is not implemented. */
  unsupported(name: string): LamellaError
  /** A text; null where the field is missing. */
  text(name: string): string | null
  /** A list of finite numbers; null where the field is missing. */
  numbers(name: string): number[] | null
  /** A list of finite numbers above 0; null where the field is missing. */
  positives(name: string): number[] | null
  /** A list of texts; null where the field is missing. */
  texts(name: string): string[] | null
  /** Texts out of lists of them, each with how often it is repeated: `[[["a", "b"], 2]]` is a, b, a, b; null where the field is missing. */
  repeatedTexts(name: string): string[] | null
  /** The fields of an object; null where the field is missing. */
  section(name: string): ConfigReader | null
  /** The values of an object in the order of their keys, which are numbers; null where there is none. */
  labels(name: string): string[] | null
}

/**
 * @param aliases other names that fields go by, each by the field's own
 * @param path what stands before a field's name in messages
 */
export function readConfig(
  config: RawConfig,
  aliases: Readonly<Record<string, string>> = {},
  path = ''
): ConfigReader {
  function stored(name: string): unknown {
    return Object.hasOwn(config, name) ? (config[name] ?? undefined) : undefined
  }

  /** The name that the file has a field by. */
  function written(name: string): string {
    const alias = Object.hasOwn(aliases, name) ? aliases[name]! : name
    const [own, other] = [stored(name), stored(alias)]
    if (own === undefined) return other === undefined ? name : alias
    if (other === undefined || other === own) return name
    throw new LamellaError(
      'file-invalid',
      `config.json: ${path}${name} and ${path}${alias} must be the same, got ${shown(own)} and ${shown(other)}`
    )
  }

  function field(name: string): unknown {
    return stored(written(name))
  }

  function invalid(name: string, expected: string, value: unknown): LamellaError {
    const got = value === undefined || Number.isNaN(value) ? 'nothing' : shown(value)
    return new LamellaError(
      'file-invalid',
      `config.json: ${path}${written(name)} must be ${expected}, got ${got}`
    )
  }

  function wholeNumber(name: string, fallback: number | undefined, most: number): number {
    const value = field(name) ?? fallback
    if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most)
      return Number(value)
    throw invalid(name, `a whole number from 1 to ${most}`, value)
  }

  function numberThat(
    name: string,
    fallback: number,
    what: string,
    fits: (value: number) => boolean
  ): number {
    const value = field(name) ?? fallback
    if (isNumber(value) && Math.abs(value) > largestFloat)
      throw invalid(name, 'a number that float32 can hold', value)
    if (isNumber(value) && fits(value)) return value
    throw invalid(name, what, value)
  }

  function list<T>(name: string, of: string, is: (value: unknown) => value is T): T[] | null {
    const value = field(name)
    if (value === undefined) return null
    if (Array.isArray(value) && value.length <= longestList && value.every(is)) return [...value]
    throw invalid(name, `a list of ${of}`, value)
  }

  return {
    width: (name, fallback, most = largestWidth) => wholeNumber(name, fallback, most),
    blocks: (name, fallback, most = mostBlocks) => wholeNumber(name, fallback, most),
    number: (name, fallback) => numberThat(name, fallback, 'a number', () => true),
    notNegative: (name, fallback) =>
      numberThat(name, fallback, 'a number of 0 or more', value => value >= 0),
    positive: (name, fallback) =>
      numberThat(name, fallback, 'a number above 0', value => value > 0),
    fraction: (name, fallback) =>
      numberThat(name, fallback, 'a number above 0 and up to 1', value => value > 0 && value <= 1),
    index: (name, fallback) =>
      numberThat(
        name,
        fallback,
        `a whole number from 0 to ${largestWidth}`,
        value => Number.isInteger(value) && value >= 0 && value <= largestWidth
      ),
    boolean(name, fallback) {
      const value = field(name) ?? fallback
      if (typeof value === 'boolean') return value
      throw invalid(name, 'true or false', value)
    },
    choice(name, table, fallback) {
      const value = field(name) ?? fallback
      if (typeof value === 'string' && Object.hasOwn(table, value)) return table[value]!
      throw invalid(name, `one of ${Object.keys(table).join(', ')}`, value)
    },
    has: name => field(name) !== undefined,
    given: name => Object.hasOwn(config, name) && config[name] !== undefined,
    invalid: (name, expected) => invalid(name, expected, field(name)),
    unsupported: name =>
      new LamellaError(
        'unsupported',
        `config.json: ${path}${written(name)} is ${shown(field(name))}, which cannot be computed`,
        'Its weights can be looked at.'
      ),
    text(name) {
      const value = field(name)
      if (value === undefined || typeof value === 'string') return value ?? null
      throw invalid(name, 'a text', value)
    },
    numbers: name => list(name, 'numbers', isNumber),
    positives: name =>
      list(name, 'numbers above 0', (value): value is number => isNumber(value) && value > 0),
    texts: name => list(name, 'texts', value => typeof value === 'string'),
    repeatedTexts(name) {
      const value = field(name)
      if (value === undefined) return null
      const isPart = (part: unknown): part is [string[], number] =>
        Array.isArray(part) &&
        part.length === 2 &&
        Array.isArray(part[0]) &&
        part[0].length <= mostBlocks &&
        part[0].every(text => typeof text === 'string') &&
        Number.isSafeInteger(part[1]) &&
        part[1] >= 0 &&
        part[1] <= mostBlocks
      if (!Array.isArray(value) || value.length > 64 || !value.every(isPart))
        throw invalid(name, 'a list of lists of texts, each with how often it is repeated', value)
      return value.flatMap(([texts, count]) => Array.from({ length: count }, () => texts).flat())
    },
    section(name) {
      const value = field(name)
      if (value === undefined) return null
      if (isObject(value)) return readConfig(value, {}, `${path}${name}.`)
      throw invalid(name, 'an object', value)
    },
    labels(name) {
      const value = field(name)
      if (!isObject(value)) return null
      return Object.keys(value)
        .sort((a, b) => Number(a) - Number(b))
        .map(key => String(value[key]))
    }
  }
}

/** A value as config.json has it; JSON reads a number that is too large as an infinite one. */
function shown(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    return `one too large to be a number (${value > 0 ? '' : '-'}1e309 or beyond)`
  const text = JSON.stringify(value, (_, inner: unknown) =>
    inner === Infinity || inner === -Infinity ? String(inner) : inner
  )
  return firstLetters(text, 60)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isObject(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
