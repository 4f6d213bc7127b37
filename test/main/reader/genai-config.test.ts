import { expect, it } from 'vitest'
import { configOfGenai } from '../../../src/main/reader/genai-config.ts'

it('says of a decoder what config.json would', () => {
  const decoder = { head_size: 12, hidden_size: 48, num_attention_heads: 4, num_hidden_layers: 3 }
  const model = {
    type: 'phi3',
    context_length: 64,
    vocab_size: 96,
    eos_token_id: [5, 7],
    decoder: { ...decoder, num_key_value_heads: 2, filename: 'model.onnx' }
  }
  expect(configOfGenai({ model, search: {} })).toEqual({
    model_type: 'phi3',
    hidden_size: 48,
    num_attention_heads: 4,
    num_hidden_layers: 3,
    num_key_value_heads: 2,
    head_dim: 12,
    vocab_size: 96,
    eos_token_id: [5, 7],
    max_position_embeddings: 64
  })
})

it.each([{}, { model: { type: 'whisper' } }, { model: [] }])('says nothing in %j', json => {
  expect(configOfGenai(json)).toBeNull()
})
