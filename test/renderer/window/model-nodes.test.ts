import { describe, expect, it } from 'vitest'
import type { ModelInfo } from '../../../src/common/contract/schemas.ts'
import { modelNode } from '../../../src/renderer/src/window/model-nodes.ts'

function model(nKeyValueHeads: number): ModelInfo {
  const config = { nLayers: 1, nHeads: 4, nKeyValueHeads, dModel: 8, dHead: 2 }
  return {
    id: 'm',
    name: 'model',
    path: '/models/\u202emodel',
    family: 'llama',
    config: { ...config, dMlp: 16, dVocab: 10, nCtx: 8 }
  } as ModelInfo
}
const attention = (nKeyValueHeads: number) =>
  modelNode(model(nKeyValueHeads)).children![0]!.children![0]!

describe('modelNode', () => {
  it('tells where the model lies', () => {
    expect(modelNode(model(2)).title).toBe('/models/⟨202E⟩model')
  })
  it('tells which key/value head a head reads', () => {
    expect(attention(2).note).toBe('4 heads, 2 kv')
    expect(attention(2).children!.map(({ note }) => note)).toEqual(['kv 0', 'kv 0', 'kv 1', 'kv 1'])
  })
  it('says nothing of it where each head has its own', () => {
    expect(attention(4).note).toBe('4 heads')
    expect(attention(4).children!.map(({ note }) => note)).toEqual(['', '', '', ''])
  })
})
