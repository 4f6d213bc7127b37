import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DType } from '#common/model/tensor.ts'
import { architectureOf } from '../../../src/main/architecture/architecture.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import type { TensorTable } from '../../../src/main/architecture/tensor-table.ts'
import { projectRoot } from '../../golden/workbench.ts'

type Config = Record<string, unknown>

/** config.json and tensors of a folder of test/golden, with changes. */
export async function goldenModel(
  name: string,
  changes: Config = {},
  tensors: { readonly without?: RegExp; readonly with?: Readonly<Record<string, number[]>> } = {}
): Promise<{ config: Config; tensors: TensorTable }> {
  const folder = join(projectRoot, 'test/golden', name)
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Config
  const checkpoint = await openCheckpoint(join(folder, 'model.safetensors'))
  const changed = new Map<string, { dtype: DType; shape: readonly number[] }>(checkpoint.tensors)
  for (const name of checkpoint.tensors.keys())
    if (tensors.without?.test(name)) changed.delete(name)
  for (const [name, shape] of Object.entries(tensors.with ?? {}))
    changed.set(name, { dtype: 'F32', shape })
  return { config: { ...config, ...changes }, tensors: changed }
}

/** The spec of a folder of test/golden, with changes. */
export async function goldenSpec(...change: Parameters<typeof goldenModel>) {
  const { config, tensors } = await goldenModel(...change)
  return { tensors, ...architectureOf(config, tensors) }
}
