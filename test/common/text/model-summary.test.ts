import { expect, it } from 'vitest'
import { modelSummary } from '#common/text/model-summary.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'

const tensor = (
  name: string,
  category: TensorInfo['category'],
  shape: number[],
  tiedTo: string | null = null
): TensorInfo => {
  const parameters = shape.reduce((product, size) => product * size, 1)
  const bytes = tiedTo === null ? 4 * parameters : 0
  return { name, category, shape, tiedTo, parameters, bytes, dtype: 'F32', file: 'f', layer: null }
}

it('lists every tensor by category, what is stored and what is unique told apart', () => {
  const tensors = [
    tensor('wte', 'embedding', [10, 4]),
    tensor('h.0.in', 'mlp', [4, 60]),
    tensor('head', 'unembedding', [10, 4], 'wte')
  ]
  const model = { family: 'gpt2', parameters: 280, parametersStored: 280, tensors }
  const text = modelSummary('tiny', { ...model, ties: ['head is wte, counted once'] })
  expect(text).toBe(
    [
      'tiny',
      '',
      'family                      gpt2',
      'parameters, tied ones once  280',
      'elements in the files       280 (1.09 KB)',
      'head is wte, counted once',
      '',
      'Embedding  40   14.3 %  1 tensor',
      'MLP        240  85.7 %  1 tensor',
      '',
      'Embedding',
      '  wte  10 × 4  F32  40',
      '',
      'MLP',
      '  h.0.in  4 × 60  F32  240',
      '',
      'Unembedding',
      '  head  10 × 4  F32  = wte',
      ''
    ].join('\n')
  )
})
