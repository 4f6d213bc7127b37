import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../golden/workbench.ts'

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', 'sat', 'on', 'mat']
const rest = Array.from({ length: 96 - words.length }, (_, i) => `word${i}`)

/** Its vocab.txt, as long as that of test/golden/bert. */
export const maskedWords = [...words, ...rest].join('\n')

/** A folder `masked` of a model that predicts hidden tokens, and splits `the cat sat on the mat` into words. */
export function maskedModel(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-e2e-')), 'masked')
  cpSync(join(projectRoot, 'test/golden/bert'), folder, { recursive: true })
  writeFileSync(join(folder, 'vocab.txt'), maskedWords)
  return folder
}
