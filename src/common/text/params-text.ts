import { cutShort } from './cut-short.ts'

/** Params as a command takes them, such as `layer=3, heads=[0,1]`, each value whole; empty where nothing is told. */
export function paramsText(params: Readonly<Record<string, unknown>>): string {
  return paramTexts(params).join(', ')
}

/**
 * Each param as a command takes it, `key=value`; those that are null or undefined are not told.
 * @param mostLetters of a value: a longer one is cut short
 */
export function paramTexts(
  params: Readonly<Record<string, unknown>>,
  mostLetters = Infinity
): string[] {
  return Object.entries(params)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${cutShort(valueText(value), mostLetters)}`)
}

/** A text is as it is, but in quotes where it would be read as a number or another value. */
function valueText(value: unknown): string {
  return typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
