import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot, shakespeare } from '../golden/workbench.ts'

/** A folder with a small random model that reads 1,024 tokens, letter by letter: the samples read 192. */
export function longModel(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-long-')), 'long')
  cpSync(join(projectRoot, 'test/golden/llama'), folder, { recursive: true })
  cpSync(join(shakespeare, 'tokenizer.json'), join(folder, 'tokenizer.json'))
  const file = join(folder, 'config.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify({ ...config, max_position_embeddings: 1024 }))
  return folder
}

/** A thousand tokens for it. */
export const longText = 'To be, or not to be, that is the question:\n'.repeat(24).slice(0, 1000)
