import { expect, it } from 'vitest'
import type { ModelInfo, TensorInfo } from '#common/contract/schemas.ts'
import { familyName } from '#common/figure/views/weights-by-layer.ts'
import {
  chosenOf,
  familiesOf
} from '../../../../src/renderer/src/views/weights-by-layer/families.ts'

const tensor = (name: string, layer: number | null, own: Partial<TensorInfo> = {}): TensorInfo => ({
  ...{ name, layer, dtype: 'F32', shape: [2, 3], parameters: 6, bytes: 24 },
  ...{ file: 'model.safetensors', category: 'mlp', tiedTo: null },
  ...own
})
const tensors = [
  tensor('wte', null),
  tensor('h.0.mlp.0.weight', 0),
  tensor('h.1.mlp.0.weight', 1),
  tensor('h.0.mask', 0, { dtype: 'BOOL' }),
  tensor('h.0.empty', 0, { parameters: 0 }),
  tensor('h.1.tied', 1, { tiedTo: 'h.0.mlp.0.weight' })
]
const config = {} as NonNullable<ModelInfo['config']>

it('puts the layer’s number out of a name, and no other', () => {
  expect(familyName('h.0.mlp.0.weight', 0)).toBe('h.{}.mlp.0.weight')
  expect(familyName('h.12.mlp.2.weight', 2)).toBe('h.12.mlp.{}.weight')
  expect(familyName('layer_3_weight', 3)).toBe('layer_3_weight')
})

it('takes together what differs by its layer alone, of floating-point numbers that are stored', () => {
  const families = familiesOf({ tensors, config: null })
  expect(families.map(({ name }) => name)).toEqual(['h.{}.mlp.0.weight'])
  expect(chosenOf(families[0]!)).toEqual({ tensors: ['h.0.mlp.0.weight', 'h.1.mlp.0.weight'] })
})

it('has roles, too, of a model that is understood', () => {
  const names = familiesOf({ tensors, config }).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['h.{}.mlp.0.weight', 'W_Q', 'W_O', 'W_in']))
  expect(names).not.toContain('W_E')
  expect(names).not.toContain('b_Q')
  expect(chosenOf(familiesOf({ tensors, config }).at(-1)!)).toEqual({ role: names.at(-1) })
})
