import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { figureCommandText } from '#common/text/command-text.ts'
import type { Edit } from '#common/model/edit.ts'
import { expandedEdits } from '#common/model/expanded-edits.ts'
import { editsWith } from '../../../../src/main/shell/cli/edits.ts'

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

describe('edits of a command that a figure carries', () => {
  const hook = 'blocks.0.attn.hook_z'
  const inner = [{ hook, at: { head: '0:2' }, scale: 0, add: 'mean' as const }]
  it.skipIf(process.platform === 'win32').each<[string, Edit['add']]>([
    ['nothing', null],
    ['a number', -0.5],
    ['a list of numbers', [1, 2e-7]],
    ['its mean', 'mean'],
    ['no sight', '-inf'],
    ['another text’s', { from: { input: { text: `It's "1"` }, edits: [] }, hook, times: 1 }],
    ['other tokens’', { from: { input: { ids: [32, 53] }, edits: [] }, hook, times: 2 }],
    ['an edited run’s', { from: { input: { ids: [1] }, edits: inner }, hook: 'logits', times: 1 }],
    [
      'what an edited run has of another',
      {
        from: {
          input: { text: 'a' },
          edits: [
            {
              ...{ hook, at: {}, scale: 0 },
              add: { from: { input: { text: 'b' }, edits: inner }, hook, times: 1 }
            }
          ]
        },
        ...{ hook, times: 1 }
      }
    ]
  ])('are read as they were where %s is added', (_, add) => {
    const edits: Edit[] = [
      { hook, at: { pos: [0, 2], head: '1:2' }, scale: 0, add },
      { hook, at: {}, scale: 1.5, add: null }
    ]
    const origin = { folder: 'm', input: { text: 'First' }, edits, provider: 'cpu' }
    const [, command = ''] = figureCommandText({ view: 'v', params: {} }, origin, 'f').split(' -- ')
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${command}`])
      .toString()
      .split('\0')
    const typed = words.filter((_, i) => words[i - 1] === '--edit')
    expect(typed).toHaveLength(edits.length)
    expect(typed.reduce<Edit[]>((before, own) => editsWith(own, before), [])).toEqual(edits)
  })

  it('have one other run each', () => {
    const from = '{"text":"a","input":{"text":"b"}}'
    expect(() => editsWith(`{"hook":"${hook}","add":{"from":${from}}}`)).toThrow('not of both')
  })
})
