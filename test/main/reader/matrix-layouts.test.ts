import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openCheckpoint, type TensorEntry } from '../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { withAliases } from '../../../src/main/reader/aliases.ts'
import { withMergedAdapter } from '../../../src/main/reader/merged-adapter.ts'
import { golden } from '../../golden/models.ts'
import { goldenModel } from '../architecture/golden-models.ts'

/** What the module's name ends in, in a model whose matrices lie as Conv1D has them, and as Linear. */
const modules = [
  ['gpt2', 'transformer.h.1.attn.c_proj', true],
  ['llama', 'model.layers.1.self_attn.q_proj', false]
] as const

it.each(
  modules.flatMap(([model, module, isTurned]) =>
    ['', 'base_model.model.'].flatMap(prefix =>
      [true, false, null].map(said => ({ model, module, isTurned, prefix, said }))
    )
  )
)('an adapter of a square matrix is added as the model has it: %j', async of => {
  const { model, isTurned, prefix, said } = of
  const module = prefix + of.module
  const { config } = await goldenModel(model)
  const stored = withAliases(await openCheckpoint(join(golden, model, 'model.safetensors')))
  const tensors = new Map<string, TensorEntry>()
  for (const [own, entry] of stored.tensors) {
    const name = prefix + own
    const base = name === `${module}.weight` ? `${module}.base_layer.weight` : name
    tensors.set(base, { ...entry, name: base })
  }
  const [width] = tensors.get(`${module}.base_layer.weight`)!.shape as [number]
  /** A vector of zeros with a one. */
  const unit = (name: string, shape: number[], at: number): void => {
    const values = Float32Array.from({ length: width }, (_, i) => (i === at ? 1 : 0))
    const content = new Uint8Array(values.buffer)
    const [any] = tensors.values()
    const byteLength = content.length
    tensors.set(name, { ...any!, name, dtype: 'F32', shape, offset: 0, byteLength, content })
  }
  unit(`${module}.lora_A.default.weight`, [1, width], 2)
  unit(`${module}.lora_B.default.weight`, [width, 1], 5)
  const adapter = {
    ...{ base: null, alphas: [], byRoot: false, otherKind: null },
    ...{ alpha: 3, transposed: said }
  }
  const before = await readFloat32(stored.tensors.get(`${of.module}.weight`)!)
  const { checkpoint } = await withMergedAdapter({ ...stored, tensors }, adapter, config)
  const after = await readFloat32(checkpoint.tensors.get(`${module}.weight`)!)
  // From the third input to the sixth output.
  const changed = isTurned ? 2 * width + 5 : 5 * width + 2
  const found = [...after.entries()].filter(([i, value]) => value !== before[i])
  expect(found).toEqual([[changed, Math.fround(before[changed]! + 3)]])
})
