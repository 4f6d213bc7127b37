import { LamellaError } from '#common/contract/errors.ts'

/** config.json, as parsed. */
export type RawConfig = Readonly<Record<string, unknown>>

/** No published model comes near these; a larger number is a broken or hostile file. */
const largestWidth = 2 ** 24
const mostBlocks = 4096

/**
 * Reads config.json field by field.
 * @throws LamellaError `file-invalid` naming the field, what it must be and what it is
 */
export interface ConfigReader {
  /** A whole number from 1 to 2^24; the fallback where the field is missing or null. */
  width(name: string, fallback?: number): number
  /** The number of blocks: a whole number from 1 to 4096. */
  blocks(name: string, fallback?: number): number
  /** A finite number. */
  number(name: string, fallback: number): number
  boolean(name: string, fallback: boolean): boolean
  /** One of the keys of a table, looked up. */
  choice<T>(name: string, table: Readonly<Record<string, T>>, fallback: string): T
}

export function readConfig(config: RawConfig): ConfigReader {
  function field(name: string): unknown {
    return Object.hasOwn(config, name) ? (config[name] ?? undefined) : undefined
  }

  function wholeNumber(name: string, fallback: number | undefined, most: number): number {
    const value = field(name) ?? fallback
    if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most)
      return Number(value)
    throw invalid(name, `a whole number from 1 to ${most}`, value)
  }

  return {
    width: (name, fallback) => wholeNumber(name, fallback, largestWidth),
    blocks: (name, fallback) => wholeNumber(name, fallback, mostBlocks),
    number(name, fallback) {
      const value = field(name) ?? fallback
      if (typeof value === 'number' && Number.isFinite(value)) return value
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
    }
  }
}

function invalid(name: string, expected: string, value: unknown): LamellaError {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)
  return new LamellaError('file-invalid', `config.json: ${name} must be ${expected}, got ${got}`)
}
