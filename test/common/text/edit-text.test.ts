import { describe, expect, it } from 'vitest'
import { Edit } from '#common/model/edit.ts'
import { editText } from '#common/text/edit-text.ts'

const cases: readonly [string, unknown][] = [
  ['head 2.1 ablated', { hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0 }],
  ['head 2.1 × 0.5', { hook: 'blocks.2.attn.hook_z', at: { head: '1:2' }, scale: 0.5 }],
  [
    'head 2.1 ← its mean',
    { hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: 'mean' }
  ],
  [
    'head 0.3, edge 7 → 2 knocked out',
    {
      hook: 'blocks.0.attn.hook_attn_scores',
      at: { head: [3], query: [7], key: [2] },
      add: '-inf'
    }
  ],
  ['MLP of block 4 ablated', { hook: 'blocks.4.hook_mlp_out', scale: 0 }],
  [
    'neurons of block 4, unit 17 × 2',
    { hook: 'blocks.4.mlp.hook_post', at: { unit: [17] }, scale: 2 }
  ],
  [
    'residual of block 2, pos 0:5 ← another run’s (“a”)',
    {
      hook: 'blocks.2.hook_resid_pre',
      at: { pos: '0:5' },
      scale: 0,
      add: { from: { input: { text: 'a' } }, hook: 'blocks.2.hook_resid_pre' }
    }
  ],
  [
    'MLP of block 1 + 0.5 × blocks.0.hook_mlp_out of another run (token ids 3 1; head 2.1 ablated)',
    {
      hook: 'blocks.1.hook_mlp_out',
      add: {
        from: {
          input: { ids: [3, 1] },
          edits: [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0 }]
        },
        hook: 'blocks.0.hook_mlp_out',
        times: 0.5
      }
    }
  ],
  [
    `hook_embed ← another run’s (“${'a'.repeat(40)}…”)`,
    {
      hook: 'hook_embed',
      scale: 0,
      add: { from: { input: { text: 'a'.repeat(41) } }, hook: 'hook_embed' }
    }
  ],
  [
    `hook_embed ← another run’s (token ids ${Array(16).fill(7).join(' ')} … 20 in all)`,
    {
      hook: 'hook_embed',
      scale: 0,
      add: { from: { input: { ids: Array(20).fill(7) } }, hook: 'hook_embed' }
    }
  ],
  [
    'blocks.1.attn.hook_q, head 0 1 + 0.25',
    { hook: 'blocks.1.attn.hook_q', at: { head: [0, 1] }, add: 0.25 }
  ],
  ['hook_embed + a direction', { hook: 'hook_embed', add: [1, 2] }]
]

describe('an edit in words', () => {
  for (const [words, edit] of cases) it(words, () => expect(editText(Edit.parse(edit))).toBe(words))
})
