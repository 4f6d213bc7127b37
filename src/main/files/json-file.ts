import { fileLabel } from './file-error.ts'
import { JsonReader } from './json-reader.ts'
import type { FilePlace } from './folder.ts'
import { wholeContent } from './whole-content.ts'

export interface JsonFileOptions {
  /** `accept` keeps the last, as JSON.parse does. Default `accept`. */
  readonly duplicateKeys?: 'refuse' | 'accept'
  /** Brackets that may be open at once. Default 128. */
  readonly depthLimit?: number
  /** `accept` reads `NaN`, `Infinity` and `-Infinity`, which Python writes, as these texts. Default `refuse`. */
  readonly notFinite?: 'refuse' | 'accept'
}

/**
 * The value of a JSON file; a byte order mark is accepted. Keys such as `__proto__` are plain properties.
 * @throws LamellaError `file-invalid` when it is too large, truncated, nested too deep or not JSON,
 *   `not-found` or `file-unreadable` when it cannot be read
 */
export async function readJsonFile(
  place: FilePlace,
  limitBytes: number,
  options: JsonFileOptions = {}
): Promise<unknown> {
  const bytes = await wholeContent(place, limitBytes)
  return parseJson(bytes, `${fileLabel(place.label)}:`, options)
}

/**
 * Parses JSON bytes under the same checks.
 * @param subject begins every error
 */
export function parseJson(
  bytes: Uint8Array,
  subject: string,
  { duplicateKeys = 'accept', depthLimit = 128, notFinite = 'refuse' }: JsonFileOptions = {}
): unknown {
  const text = hasByteOrderMark(bytes) ? bytes.subarray(3) : bytes
  // JSON.parse says neither what it overwrote nor how deep the result is, so a reader goes first.
  const reader = new JsonReader(text, subject)
  reader.skip({ depthLimit, duplicateKeys, notFinite })
  reader.end()
  const parts: string[] = []
  let done = 0
  const partTo = (to: number) => {
    const from = done
    done = to
    return decoded(text.subarray(from, to))
  }
  for (const [from, to] of reader.notFinite) parts.push(partTo(from), '"', partTo(to), '"')
  return JSON.parse(parts.join('') + partTo(text.length))
}

function decoded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
