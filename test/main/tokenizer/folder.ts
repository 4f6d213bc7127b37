import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openFolder } from '../../../src/main/files/folder.ts'
import { openTokenizer, type Tokenizer } from '../../../src/main/tokenizer/tokenizer.ts'

/** Files of a model folder: text and bytes as they are, anything else as JSON. */
export type Files = Readonly<Record<string, unknown>>

/** A folder with these files, gone after the test. */
export function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-tokenizer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    const plain = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(join(folder, name), plain ? content : JSON.stringify(content))
  }
  return folder
}

/** The tokenizer of a folder with these files. */
export function opened(
  files: Files,
  config: Readonly<Record<string, unknown>> = {}
): Promise<Tokenizer | null> {
  return tokenizerIn(folderOf(files), Object.keys(files), config)
}

/** The tokenizer of a folder, of whose files it is told these names. */
export async function tokenizerIn(
  path: string,
  names: readonly string[],
  config: Readonly<Record<string, unknown>>
): Promise<Tokenizer | null> {
  return openTokenizer(await openFolder(path), names, config)
}

/** The pieces of a text, each with the part of the text it came from. */
export async function spans(
  tokenizer: Tokenizer | null,
  text: string,
  specials = false
): Promise<[piece: string, source: string][]> {
  const tokens = await tokenizer!.encode(text, { specials })
  return tokens.map(({ piece, start, end }) => [piece, text.slice(start, end)])
}
