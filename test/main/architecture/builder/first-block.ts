import { join } from 'node:path'
import type { Tensor } from '#common/model/tensor.ts'
import { blockInputs } from '../../../../src/main/architecture/block-inputs.ts'
import { openCheckpoint } from '../../../../src/main/checkpoint/checkpoint.ts'
import { readGolden } from '../../../golden/compare.ts'
import type { Values } from '../../../golden/run-graph.ts'
import { projectRoot } from '../../../golden/workbench.ts'
import { goldenSpec } from '../golden-models.ts'

/** A golden model, its weights, and what its first block reads of the golden's text. */
export async function firstBlock(name: string) {
  const folder = join(projectRoot, 'test/golden', name)
  const { spec } = await goldenSpec(name)
  const { tensors: weights } = await openCheckpoint(folder)
  const golden = await readGolden(join(folder, 'golden.safetensors'))
  const [count = 0] = golden.shape('input_ids')
  const residual: Tensor = { shape: [count, spec.dModel], data: await golden.read('hidden.0') }
  const feeds: Values = { hook_resid_pre: residual, ...blockInputs(spec, 0, count) }
  return { spec, weights, feeds, count }
}
