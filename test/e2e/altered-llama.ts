import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generator } from '#common/analysis/generator.ts'
import { projectRoot } from '../golden/workbench.ts'
import { storedTensors, storeTensors, type StoredTensor } from './stored-tensors.ts'

/** A folder with a small random model of so many layers: those of a golden one, over and over. */
export function deepModel(layers = 48): string {
  return altered('deep', { num_hidden_layers: layers }, tensor => {
    const { name } = tensor
    const several = name.includes('.layers.0.') ? layers : name.includes('.layers.') ? 0 : 1
    return Array.from({ length: several }, (_, layer) => ({
      ...tensor,
      name: name.replace('.layers.0.', `.layers.${layer}.`)
    }))
  })
}

/** A folder with a small random model of so many tokens, whose embeddings lie around sixteen places. */
export function wideModel(tokens = 100_000): string {
  const next = generator(1)
  return altered('wide', { vocab_size: tokens, tie_word_embeddings: true }, tensor => {
    if (tensor.name === 'lm_head.weight') return []
    if (tensor.name !== 'model.embed_tokens.weight') return [tensor]
    const width = tensor.shape[1]!
    const values = Float32Array.from(
      { length: tokens * width },
      (_, i) => next() - 0.5 + (i % width === Math.floor(i / width) % 16 ? 3 : 0)
    )
    const bytes = new Uint8Array(values.buffer)
    return [{ ...tensor, dtype: 'F32', shape: [tokens, width], bytes }]
  })
}

function altered(
  name: string,
  facts: Readonly<Record<string, unknown>>,
  of: (tensor: StoredTensor) => readonly StoredTensor[]
): string {
  const folder = join(mkdtempSync(join(tmpdir(), `lamella-${name}-`)), name)
  cpSync(join(projectRoot, 'test/golden/llama'), folder, { recursive: true })
  const path = join(folder, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  writeFileSync(path, JSON.stringify({ ...config, ...facts }))
  const file = join(folder, 'model.safetensors')
  storeTensors(file, storedTensors(file).flatMap(of))
  return folder
}
