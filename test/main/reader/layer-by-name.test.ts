import { expect, it } from 'vitest'
import { layersByName } from '../../../src/main/reader/layer-by-name.ts'

const counted = (name: (layer: number) => string, blocks = 3) =>
  Array.from({ length: blocks }, (_, layer) => name(layer))

it.each([
  ['onnx', counted(layer => `h.${layer}.attn.0.weight`)],
  ['slashes', counted(layer => `/model/layers.${layer}/attn/MatMul`)],
  ['the last number', counted(layer => `stack_0_${layer}`)],
  ['the first one', counted(layer => `${layer}.weight`)]
])('a block is told by the number that counts all of them: %s', (_, names) => {
  const layerOf = layersByName([...names, 'classifier.1.weight', 'onnx::MatMul_1201'], 3)
  expect(names.map(layerOf)).toEqual([0, 1, 2])
  expect(layerOf('classifier.1.weight')).toBeNull()
  expect(layerOf('onnx::MatMul_1201')).toBeNull()
})

it('no number tells where none counts the blocks', () => {
  const names = ['h.0.w', 'h.2.w', 'h.3.w', 'classifier.0.w', 'classifier.1.w', 'classifier.2.w.3']
  expect(names.map(layersByName(names, 4))).toEqual([null, null, null, null, null, null])
  expect(names.map(layersByName(names, 0))).toEqual([null, null, null, null, null, null])
  expect(layersByName(['1.'.repeat(1_000_000)], 1)('1.'.repeat(1_000_000))).toBeNull()
})
