import { z } from 'zod'
import { mostTexts, type CorpusFiles } from '#common/model/library.ts'
import { occursMore } from '../files/occurs-more.ts'
import type { Row } from './format.ts'

/** The texts of a corpus of files, as they were when the session was saved. */
export interface KeptTexts {
  /** Where they lay. */
  readonly path: string
  /** That of `CorpusFiles`. */
  readonly mark: string
  /** Whether they were found in a folder. */
  readonly found: boolean
  /** What of it was left out, a line each. */
  readonly left: readonly string[]
  /** In the order they are read, and how many bytes each has. */
  readonly files: readonly { readonly label: string; readonly size: number }[]
  /** Of all files, one after the other. */
  readonly bytes: Uint8Array
}

const Head = z.strictObject({
  mark: z.string(),
  found: z.boolean(),
  left: z.array(z.string()),
  files: z.array(z.strictObject({ label: z.string(), size: z.int().min(0) })).max(mostTexts)
})

/** Commas in what is said of so many files, and of as many that are left out, with room for those in names: more is not taken in. */
const mostCommas = 10 * mostTexts

/** No part of a session's content begins so. */
const prefix = 'texts '

export function textsKey(path: string): string {
  return `${prefix}${path}`
}

/** The path whose texts a row of the content is; null of any other row. */
export function textsPath(key: string): string | null {
  return key.startsWith(prefix) ? key.slice(prefix.length) : null
}

export function textsRow({ path, bytes, ...head }: KeptTexts): Row {
  return { key: textsKey(path), about: JSON.stringify(head), bytes }
}

/** @throws Error of a row that is no texts */
export function textsFrom({ key, about, bytes }: Row): KeptTexts {
  if (occursMore(Buffer.from(about), ',', mostCommas))
    throw new RangeError('says more of its files than any')
  const head = Head.parse(JSON.parse(about))
  const total = head.files.reduce((sum, { size }) => sum + size, 0)
  if (total !== bytes.byteLength)
    throw new RangeError(`its files have ${total} bytes, and there are ${bytes.byteLength}`)
  return { path: textsPath(key)!, ...head, bytes }
}

/** What is told of texts without them. */
export function filesOfTexts({ mark, files, bytes, left }: KeptTexts): CorpusFiles {
  return { files: files.length, bytes: bytes.byteLength, left: left.length, mark }
}
