import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A fresh folder with the files of one published tokenizer. */
export function unpackedTokenizer(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-tokenizer-'))
  for (const file of readdirSync(join(import.meta.dirname, name)))
    writeFileSync(
      join(folder, file.replace(/\.gz$/, '')),
      gunzipSync(readFileSync(join(import.meta.dirname, name, file)))
    )
  return folder
}

/** What the reference gives for one text. */
export interface Expected {
  readonly text: string
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
  readonly decoded: string
}

/** The reference's results, by tokenizer. */
export const expected = JSON.parse(
  readFileSync(join(import.meta.dirname, 'expected.json'), 'utf8')
) as Readonly<Record<string, readonly Expected[]>>
