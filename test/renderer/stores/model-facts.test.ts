import { describe, expect, it } from 'vitest'
import { headsPerKeyValueHead } from '#common/model/heads-per-key-value-head.ts'
import type { ModelInfo } from '../../../src/common/contract/schemas.ts'
import {
  hasOwnUnembedding,
  keyValueHead,
  missingPattern,
  missingPredictions,
  missingVectors
} from '../../../src/renderer/src/stores/model-facts.ts'

const tensor: ModelInfo['tensors'][number] = {
  ...{ name: 'lm_head.weight', dtype: 'F32', shape: [100, 64], parameters: 6400, bytes: 25_600 },
  ...{ file: 'model.safetensors', category: 'unembedding', layer: null, tiedTo: null }
}

const config = {
  nLayers: 2,
  nHeads: 8,
  nKeyValueHeads: 4,
  dModel: 64,
  dHead: 8,
  dMlp: 256,
  dVocab: 100,
  nCtx: 32
}
const model: ModelInfo = {
  id: 'm',
  name: 'model',
  path: '/model',
  fingerprint: 'f',
  family: 'onnx',
  config,
  rawConfig: '{}',
  visibility: null,
  scores: null,
  parameters: 0,
  parametersStored: 0,
  ties: [],
  tensors: [],
  notRunnable: null,
  notRunnableHint: null,
  tokenizer: null,
  notTokenizable: null,
  hooks: ['hook_embed', 'blocks.0.attn.hook_pattern', 'logits'],
  limits: ['Attention patterns of 1 layers cannot be shown.'],
  notes: [],
  predicts: 'next',
  sampleText: null
}

describe('key/value heads', () => {
  it('are shared by neighbouring query heads', () => {
    expect(headsPerKeyValueHead(config)).toBe(2)
    const read = Array.from({ length: 8 }, (_, head) => keyValueHead(config, head))
    expect(read).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
  })
  it('are not spoken of where each head has its own, or their number is unknown', () => {
    for (const nKeyValueHeads of [8, 0, 3])
      expect(keyValueHead({ ...config, nKeyValueHeads }, 5)).toBeNull()
  })
  it('may be one for all', () => {
    expect(keyValueHead({ ...config, nKeyValueHeads: 1 }, 7)).toBe(0)
  })
})

describe('what a model does not give', () => {
  it('is what is multiplied to scores, where it is not known or no hook holds it', () => {
    const scored = { scale: 1, softCap: null, alibi: null, vectors: 'turned' } as const
    expect(missingVectors(model, 0)).toContain('It is not known how the graph of model makes')
    const scores = [scored, { ...scored, vectors: null }]
    expect(missingVectors({ ...model, scores }, 0)).toBeNull()
    expect(missingVectors({ ...model, scores }, 1)).toContain('Block 1 normalises queries and keys')
  })
  it('is told with the reason that the model has', () => {
    expect(missingPattern(model, 0)).toBeNull()
    expect(missingPattern(model, 1)).toBe('Attention patterns of 1 layers cannot be shown.')
    expect(missingPattern({ ...model, limits: [] }, 1)).toMatch(/patterns of block 1/)
  })
  it('may be predictions', () => {
    expect(missingPredictions(model)).toBeNull()
    expect(missingPredictions({ ...model, predicts: null })).toMatch(/no output head/)
    const limits = ['The graph gives no logits at each position.']
    expect(missingPredictions({ ...model, hooks: [], limits })).toBe(limits[0])
  })
})

it('says whether tokens are predicted by rows of their own', () => {
  const own = (tiedTo: string | null, predicts: ModelInfo['predicts'] = 'next') =>
    hasOwnUnembedding({ ...model, predicts, tensors: [{ ...tensor, tiedTo }] })
  expect(own(null)).toBe(true)
  expect(own('wte.weight')).toBe(false)
  expect(own(null, 'labels')).toBe(false)
})
