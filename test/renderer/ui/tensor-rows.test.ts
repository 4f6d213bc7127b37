import { describe, expect, it } from 'vitest'
import type { TensorInfo } from '#common/contract/schemas.ts'
import { tensorRows } from '../../../src/renderer/src/ui/tensor-rows.ts'

const tensor = (name: string, shape: number[], more: Partial<TensorInfo> = {}): TensorInfo => ({
  name,
  shape,
  dtype: 'F32',
  parameters: shape.reduce((a, b) => a * b, 1),
  bytes: shape.reduce((a, b) => a * b, 4),
  file: 'model.safetensors',
  category: 'attention',
  layer: null,
  tiedTo: null,
  ...more
})
const tensors = [
  tensor('h.10.w', [4, 4]),
  tensor('h.9.w', [8]),
  tensor('wte', [16, 4], { category: 'embedding', dtype: 'F16' }),
  tensor('head', [16, 4], { category: 'unembedding', tiedTo: 'wte' })
]
const names = (rows: TensorInfo[]) => rows.map(({ name }) => name)

describe('tensorRows', () => {
  it('sorts numbers inside names as numbers', () => {
    expect(names(tensorRows(tensors, '', 'name', false))).toEqual([
      'h.9.w',
      'h.10.w',
      'head',
      'wte'
    ])
  })
  it('sorts by size both ways, names breaking ties', () => {
    expect(names(tensorRows(tensors, '', 'parameters', true))).toEqual([
      'head',
      'wte',
      'h.10.w',
      'h.9.w'
    ])
    expect(names(tensorRows(tensors, '', 'shape', false))[0]).toBe('h.9.w')
  })
  it('filters by every word, in name, type, category or shape', () => {
    expect(names(tensorRows(tensors, 'f16', 'name', false))).toEqual(['wte'])
    expect(names(tensorRows(tensors, 'h. attention', 'name', false))).toEqual(['h.9.w', 'h.10.w'])
    expect(names(tensorRows(tensors, '16 × 4 unemb', 'name', false))).toEqual(['head'])
  })
  it('leaves the given list alone', () => {
    const before = names(tensors)
    tensorRows(tensors, '', 'bytes', true)
    expect(names(tensors)).toEqual(before)
  })
})
