import { describe, expect, it } from 'vitest'
import { editsWith, expandedEdits } from '../../../../src/main/shell/cli/edits.ts'

const model = {
  name: 'tiny',
  hooks: ['blocks.0.attn.hook_z', 'blocks.0.mlp.hook_post', 'blocks.1.attn.hook_z', 'logits']
}
const expanded = (json: string) => expandedEdits(editsWith(json), model)
const hooks = ['blocks.0.attn.hook_z', 'blocks.1.attn.hook_z']

describe('edits of a pattern', () => {
  it('are one for each hook that it matches', () => {
    const at = '"at":{"head":[1]},"scale":0'
    expect(expanded(`{"hook":"blocks.*.attn.hook_z",${at}}`)).toEqual(
      hooks.map(hook => ({ hook, at: { head: [1] }, scale: 0, add: null }))
    )
  })

  it('add from the same hook of another run, whose edits are expanded, too', () => {
    const from = '{"tokens":[1],"edits":[{"hook":"*.hook_z","scale":2}]}'
    const found = expanded(`{"hook":"blocks.*.attn.hook_z","scale":0,"add":{"from":${from}}}`)
    expect(found.map(({ hook, add }) => [hook, add])).toEqual(
      hooks.map(hook => [
        hook,
        {
          hook,
          times: 1,
          from: {
            input: { ids: [1] },
            edits: hooks.map(hook => ({ hook, at: {}, scale: 2, add: null }))
          }
        }
      ])
    )
  })

  it('may add from one hook of their own choice', () => {
    const add = '{"from":{"tokens":[1]},"hook":"blocks.0.attn.hook_z"}'
    const found = expanded(`{"hook":"blocks.*.attn.hook_z","scale":0,"add":${add}}`)
    expect(found.map(({ add }) => add)).toMatchObject([{ hook: hooks[0] }, { hook: hooks[0] }])
  })

  it('that match none are refused; a name alone is left to the workbench', () => {
    expect(() => expanded('{"hook":"blocks.*.nothing","scale":0}')).toThrow(
      'edit of blocks.*.nothing: matches no hook of tiny'
    )
    expect(expanded('{"hook":"blocks.7.attn.hook_z","scale":0}')).toHaveLength(1)
  })
})
