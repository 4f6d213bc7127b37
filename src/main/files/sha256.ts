import { createHash } from 'node:crypto'

/** Hexadecimal SHA-256 of texts, each with its length; there may be a million of them. */
export function sha256(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:`).update(text)
  return hash.digest('hex')
}
