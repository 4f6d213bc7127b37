import { LamellaError } from '#common/model/errors.ts'

/** config.json, as parsed. */
export type RawConfig = Readonly<Record<string, unknown>>

/** No published model comes near these; a larger number is a broken or hostile file. */
const largestWidth = 2 ** 24
export const mostBlocks = 4096
const longestList = 65_536

/**
 * Reads config.json field by field; null counts as missing.
 * @throws LamellaError `file-invalid` naming the field, what it must be and what it is
 */
export interface ConfigReader {
  /** A whole number from 1 to 2^24; the fallback where the field is missing. */
  width(name: string, fallback?: number): number
  /** The number of blocks: a whole number from 1 to 4096. */
  blocks(name: string, fallback?: number): number
  /** A finite number. */
  number(name: string, fallback: number): number
  boolean(name: string, fallback: boolean): boolean
  /** One of the keys of a table, looked up. */
  choice<T>(name: string, table: Readonly<Record<string, T>>, fallback: string): T
  has(name: string): boolean
  /** A text; null where the field is missing. */
  text(name: string): string | null
  /** A list of finite numbers; null where the field is missing. */
  numbers(name: string): number[] | null
  /** A list of texts; null where the field is missing. */
  texts(name: string): string[] | null
  /** The fields of an object; null where the field is missing or no object. */
  section(name: string): ConfigReader | null
  /** The values of an object in the order of their keys, which are numbers; null where there is none. */
  labels(name: string): string[] | null
}

/** @param path what stands before a field's name in messages */
export function readConfig(config: RawConfig, path = ''): ConfigReader {
  function field(name: string): unknown {
    return Object.hasOwn(config, name) ? (config[name] ?? undefined) : undefined
  }

  function invalid(name: string, expected: string, value: unknown): LamellaError {
    const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)
    return new LamellaError(
      'file-invalid',
      `config.json: ${path}${name} must be ${expected}, got ${got}`
    )
  }

  function wholeNumber(name: string, fallback: number | undefined, most: number): number {
    const value = field(name) ?? fallback
    if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most)
      return Number(value)
    throw invalid(name, `a whole number from 1 to ${most}`, value)
  }

  function list<T>(name: string, of: string, is: (value: unknown) => value is T): T[] | null {
    const value = field(name)
    if (value === undefined) return null
    if (Array.isArray(value) && value.length <= longestList && value.every(is)) return [...value]
    throw invalid(name, `a list of ${of}`, value)
  }

  return {
    width: (name, fallback) => wholeNumber(name, fallback, largestWidth),
    blocks: (name, fallback) => wholeNumber(name, fallback, mostBlocks),
    number(name, fallback) {
      const value = field(name) ?? fallback
      if (isNumber(value)) return value
      throw invalid(name, 'a number', value)
    },
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
    text(name) {
      const value = field(name)
      if (value === undefined || typeof value === 'string') return value ?? null
      throw invalid(name, 'a text', value)
    },
    numbers: name => list(name, 'numbers', isNumber),
    texts: name => list(name, 'texts', value => typeof value === 'string'),
    section(name) {
      const value = field(name)
      return isObject(value) ? readConfig(value, `${path}${name}.`) : null
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

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isObject(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
