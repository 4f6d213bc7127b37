import type { RawConfig } from '../architecture/config-reader.ts'

/** What ONNX Runtime's generation says of a model, beside its graph. */
export const genaiFile = 'genai_config.json'

const asNumbers: Readonly<Record<string, string>> = {
  hidden_size: 'hidden_size',
  num_attention_heads: 'num_attention_heads',
  num_hidden_layers: 'num_hidden_layers',
  num_key_value_heads: 'num_key_value_heads',
  head_size: 'head_dim'
}

/** genai_config.json in the words of config.json; null where it says nothing of a decoder. */
export function configOfGenai(json: RawConfig): RawConfig | null {
  const model = recordOf(json['model'])
  const decoder = recordOf(model?.['decoder'])
  if (!model || !decoder) return null
  const sizes = Object.entries(asNumbers).flatMap(([theirs, ours]) =>
    typeof decoder[theirs] === 'number' ? [[ours, decoder[theirs]] as const] : []
  )
  const others = ['vocab_size', 'bos_token_id', 'eos_token_id', 'pad_token_id'].flatMap(name =>
    name in model ? [[name, model[name]] as const] : []
  )
  return {
    ...Object.fromEntries([...sizes, ...others]),
    ...(typeof model['type'] === 'string' && { model_type: model['type'] }),
    ...(typeof model['context_length'] === 'number' && {
      max_position_embeddings: model['context_length']
    })
  }
}

function recordOf(value: unknown): RawConfig | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as RawConfig)
    : undefined
}
