import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot, shakespeare } from '../golden/workbench.ts'

/** A folder with a small random model that reads so many tokens, letter by letter: the samples read 192. */
export function longModel(positions = 1024): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-long-')), 'long')
  cpSync(join(projectRoot, 'test/golden/llama'), folder, { recursive: true })
  cpSync(join(shakespeare, 'tokenizer.json'), join(folder, 'tokenizer.json'))
  const file = join(folder, 'config.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify({ ...config, max_position_embeddings: positions }))
  return folder
}

/** A thousand tokens for it. */
export const longText = textOf(1000)

/** A text of so many letters. */
export function textOf(letters: number): string {
  return 'To be, or not to be, that is the question:\n'
    .repeat(Math.ceil(letters / 43))
    .slice(0, letters)
}
