/** A parameter's name, taken apart. */
export interface ParameterName {
  /** The name without what says which parameter it is, such as `self_attn.q_proj`. */
  readonly module: string
  readonly kind: 'weight' | 'bias'
}

const weightWords = /^(weight|kernel|gamma|scale|embedding|table|g|w|a_2)$/i
const biasWords = /^(bias|beta|shift|b)$/i

/**
 * What module a parameter belongs to and whether it is its weight or its bias: by the last part of the name
 * (`x.weight`), its end (`x_bias`) or its beginning (`b_Q`).
 */
export function parameterOf(name: string, siblings: ReadonlySet<string>): ParameterName {
  const parts = name.split(/[./]/)
  const last = parts.pop()!
  const within = (word: string) => [...parts, word].filter(Boolean).join('.')
  if (last === 'b_2' && siblings.has(within('a_2'))) return { module: within(''), kind: 'bias' }
  if (parts.length > 0 && weightWords.test(last)) return { module: within(''), kind: 'weight' }
  if (parts.length > 0 && biasWords.test(last)) return { module: within(''), kind: 'bias' }
  const [, stem, ending] = /^(.+)_(weight|bias|kernel|w|b)$/i.exec(last) ?? []
  if (stem !== undefined)
    return { module: within(stem), kind: /^b/i.test(ending!) ? 'bias' : 'weight' }
  const [, of] = /^(?:b|bias)_?(q|k|v|o|qkv|in|out|gate|up|down|[1-3]|u|e)$/i.exec(last) ?? []
  if (of !== undefined)
    for (const spelling of [`W_${of}`, `w_${of}`, `w${of}`, `W${of}`])
      if (siblings.has(within(spelling))) return { module: within(spelling), kind: 'bias' }
  return { module: within(last), kind: 'weight' }
}

/** A module's name as lower-case words between underscores: `selfAttn.toQueries` → `self_attn_to_queries`. */
export function words(module: string): string {
  return module
    .replace(/([a-z0-9])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
}

/** A name cut before and after each run of digits, so that `net.10` stands after `net.2`. */
export function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
