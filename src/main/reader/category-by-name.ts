import type { Category } from '#common/model/category.ts'

/** The first that matches counts: a norm within attention is a norm, a dense layer within attention is attention. */
const patterns: readonly (readonly [Category, RegExp])[] = [
  ['norm', either('norm', whole('lnf?'))],
  ['unembedding', either('lm_?head', 'unembed', 'embed_out', '^output\\.weight$')],
  ['position', either(whole('wpe'), 'pos(ition)?(al)?_?(emb|enc|ids)', 'rotary', 'inv_freq')],
  [
    'attention',
    either('attn', 'attention', whole('w?qkv|query|key|value|w_?[qkvo]|[qkvo]_(proj|lin)'))
  ],
  [
    'mlp',
    either(
      'mlp',
      'feed_?forward',
      'densereludense',
      whole('experts?|ffn?|fc|dense|intermediate|(gate|up|down)_proj|w[123]')
    )
  ],
  ['embedding', either('embed', whole('wte|emb'))]
]

/** What a tensor is for, as its name has it; `other` where the name says nothing. */
export function categoryByName(name: string): Category {
  return patterns.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other'
}

function either(...sources: readonly string[]): RegExp {
  return new RegExp(sources.join('|'), 'i')
}

/** Not as a part of a longer word. */
function whole(words: string): string {
  return `(?<![a-z])(?:${words})(?![a-z])`
}
