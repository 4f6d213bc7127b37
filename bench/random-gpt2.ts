import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const dModel = 768
const nLayers = 12
const dVocab = 50257
const nCtx = 1024

/** The tensors of GPT-2 small. */
const shapes: [name: string, shape: number[]][] = [
  ['wte.weight', [dVocab, dModel]],
  ['wpe.weight', [nCtx, dModel]],
  ...Array.from({ length: nLayers }, (_, l) =>
    (
      [
        ['ln_1.weight', [dModel]],
        ['ln_1.bias', [dModel]],
        ['attn.c_attn.weight', [dModel, 3 * dModel]],
        ['attn.c_attn.bias', [3 * dModel]],
        ['attn.c_proj.weight', [dModel, dModel]],
        ['attn.c_proj.bias', [dModel]],
        ['ln_2.weight', [dModel]],
        ['ln_2.bias', [dModel]],
        ['mlp.c_fc.weight', [dModel, 4 * dModel]],
        ['mlp.c_fc.bias', [4 * dModel]],
        ['mlp.c_proj.weight', [4 * dModel, dModel]],
        ['mlp.c_proj.bias', [dModel]]
      ] as [string, number[]][]
    ).map(([name, shape]): [string, number[]] => [`h.${l}.${name}`, shape])
  ).flat(),
  ['ln_f.weight', [dModel]],
  ['ln_f.bias', [dModel]]
]

/** Multiply-adds of one forward pass through the blocks, counted as two operations each. */
export function blockOperations(tokens: number): number {
  const weights = 12 * dModel * dModel
  const attention = 2 * tokens * dModel
  return 2 * nLayers * tokens * (weights + attention)
}

/** Writes a model folder of GPT-2 small's shape with random weights. @returns bytes of its weights */
export async function writeRandomGpt2(
  folder: string,
  dtype: 'F32' | 'BF16' = 'F32'
): Promise<number> {
  const bytesEach = dtype === 'F32' ? 4 : 2
  await mkdir(folder, { recursive: true })
  const config = {
    model_type: 'gpt2',
    n_embd: dModel,
    n_layer: nLayers,
    n_head: 12,
    n_positions: nCtx,
    vocab_size: dVocab
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  let end = 0
  const header = Object.fromEntries(
    shapes.map(([name, shape]) => {
      const begin = end
      end += bytesEach * shape.reduce((a, b) => a * b, 1)
      return [name, { dtype, shape, data_offsets: [begin, end] }]
    })
  )
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = await open(join(folder, 'model.safetensors'), 'w')
  await file.write(length)
  await file.write(text)
  let state = 1
  for (const [, shape] of shapes) {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
    for (let i = 0; i < values.length; i++) {
      state = (state * 1664525 + 1013904223) >>> 0
      values[i] = (state / 2 ** 32 - 0.5) * 0.07
    }
    const bits = new Uint32Array(values.buffer)
    const written = dtype === 'F32' ? bits : Uint16Array.from(bits, bit => bit >>> 16)
    await file.write(new Uint8Array(written.buffer))
  }
  await file.close()
  return end
}
