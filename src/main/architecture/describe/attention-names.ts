import { words } from './names.ts'

export type Projection = 'query' | 'key' | 'value' | 'fused' | 'output'

const end = '(_?(proj|projection|projs|linear|lin|layer|net|fc|w|weights?|matrix))?(_0)?$'
const start = '(^|_)(w|to|c|lin|linear|proj|fc)?_?'
const patterns: Readonly<Record<Exclude<Projection, 'output'>, RegExp>> = {
  fused: new RegExp(`${start}(qkv|kqv|qkvs|in|attn_in|attn|query_key_value|mixed_qkv)${end}`),
  query: new RegExp(`${start}(q|query|queries)${end}`),
  key: new RegExp(`${start}(k|key|keys)${end}`),
  value: new RegExp(`${start}(v|value|values)${end}`)
}
const output = new RegExp(
  `${start}(o|out|output|attn_out|attention_out|resid|unify_?heads|output_dense|dense|proj|projection)${end}`
)

/** What a matrix of an attention layer is by its name; null when the name does not say. */
export function projectionCalled(module: string): Projection | null {
  const name = words(module)
  // The four linear layers of The Annotated Transformer.
  const [, position] = /(?:^|_)(?:linears|projections)_([0-3])$/.exec(name) ?? []
  if (position !== undefined)
    return (['query', 'key', 'value', 'output'] as const)[Number(position)]!
  for (const projection of ['query', 'key', 'value'] as const)
    if (patterns[projection].test(name)) return projection
  if (isAttention(module) && patterns.fused.test(name)) return 'fused'
  if (/(^|_)(c_attn|w?qkv|kqv|query_key_value|in_proj)(_|$)/.test(name)) return 'fused'
  return isAttention(module) && output.test(name) ? 'output' : null
}

/** Whether a module is part of attention by its name. */
export function isAttention(module: string): boolean {
  return /(^|_)(self_)?(attn|attention|sa|mha|msa|self|heads?|multi_?head\w*|selfattention)\d*(_|$)/.test(
    words(module)
  )
}
