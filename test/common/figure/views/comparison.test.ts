import { describe, expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import {
  noteOfTokens,
  patternDifference,
  subtraction,
  whyNoDifference
} from '#common/figure/views/comparison.ts'
import { mapLess, patternFigure } from '#common/figure/views/pattern-figure.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { ShownPattern } from '../../../../src/renderer/src/ui/attention-map/pattern.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'

const causal = { causal: true, reach: null }

/** A pattern of one letter a token. */
function pattern(
  text: string,
  own: Partial<ShownPattern> = {},
  edits: unknown[] = []
): ShownPattern {
  const tokens = [...text].map((letter, i) => ({
    id: letter.charCodeAt(0),
    piece: letter,
    text: letter,
    start: i,
    end: i + 1,
    special: false
  }))
  const run = { tokens, source: { input: { text }, edits } } as unknown as Run
  return {
    model: { name: 'a model', path: 'one' } as ModelInfo,
    run,
    name: 'Head 1.2',
    unit: null,
    baseline: true,
    precision: 'float16',
    data: new Float32Array(tokens.length ** 2),
    tokens: writtenTokens(run),
    visibility: causal,
    firstHidden: false,
    extent: { low: 0, high: 1 },
    again: { view: 'attention', params: {} },
    ...own
  }
}

describe('a difference of patterns', () => {
  it('is the first less the second, cell by cell, with its own range', () => {
    const a = pattern('ab', { data: Float32Array.of(1, 0, 0.25, 0.75) })
    const b = pattern('ab', { data: Float32Array.of(1, 0, 0.75, 0.25) })
    const { data, extent, visibility } = patternDifference(a, b)
    expect([...data]).toEqual([0, 0, -0.5, 0.5])
    expect(extent).toEqual({ low: -0.5, high: 0.5 })
    expect(visibility).toEqual(causal)
  })

  it('masks nothing where the two do not see the same', () => {
    const windowed = pattern('ab', { visibility: { causal: true, reach: 1 } })
    expect(patternDifference(pattern('ab'), windowed).visibility).toBeNull()
  })

  it('has no range of a first token that is hidden, nor of a query that sees one key beside it', () => {
    const a = pattern('abc', { data: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0.25, 0.75) })
    const b = pattern('abc', { data: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0.5, 0.5) })
    const hidden = { firstHidden: true }
    const { extent } = patternDifference({ ...a, ...hidden }, { ...b, ...hidden })
    expect(extent).toEqual({ low: -0.25, high: 0.25 })
  })

  it('is refused in words where the numbers of tokens differ', () => {
    expect(whyNoDifference(pattern('ab'), pattern('cd'))).toBeNull()
    expect(whyNoDifference(pattern('abc'), pattern('ab'))).toBe(
      'No difference: 3 and 2 tokens: positions no longer match from 2 on'
    )
  })

  it('says when the texts are not the same', () => {
    expect(noteOfTokens(pattern('ab'), pattern('ab'))).toBeNull()
    const some = { low: -0.5, high: 0 }
    expect(noteOfTokens(pattern('ab'), pattern('ab'), some)).toBeNull()
    const none = { low: 0, high: 0 }
    expect(noteOfTokens(pattern('ab'), pattern('ab'), none)).toBe('No weight differs')
    expect(noteOfTokens(pattern('ab'), pattern('ac'))).toBe(
      'The texts differ: position is compared with position'
    )
    expect(noteOfTokens(pattern('ab'), pattern('abc'))).toBe(
      'No difference: 2 and 3 tokens: positions no longer match from 2 on'
    )
  })

  it('says of one text that another model reads it as other tokens, and which characters that lacks', () => {
    const another = { name: 'another', path: 'two', fingerprint: 'f' } as ModelInfo
    const read = (as: Readonly<Record<string, object>>) => {
      const own = pattern('שa', { model: another })
      const tokens = own.run.tokens.map(token => ({ ...token, id: 0, ...as[token.text] }))
      return { ...own, run: { ...own.run, tokens } }
    }
    // By its own ids, as tokens that are written alike.
    expect(noteOfTokens(pattern('שa'), read({}))).toBeNull()
    expect(noteOfTokens(pattern('שa'), read({ ש: { text: '⟨0⟩', piece: '⟨0⟩' } }))).toBe(
      'The tokens differ: position is compared with position'
    )
    const unknown = { text: '\n', piece: '\n', unknown: true as const }
    expect(noteOfTokens(pattern('שa'), read({ ש: unknown }))).toBe(
      'The tokens differ: position is compared with position. ' +
        '1 character is not in the vocabulary of another: ש'
    )
    // One that reads both alike says it once.
    const both = read({ ש: unknown })
    expect(noteOfTokens(both, both)).toBe('1 character is not in the vocabulary: ש')
  })

  it('calls the places of a map by the tokens of both where these are not alike', () => {
    const a = pattern('a \n', { data: Float32Array.of(1, 0, 0, 1, 0, 0, 0.5, 0.25, 0.25) })
    const b = pattern('b \n', { data: Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5) })
    const { data, extent } = mapLess(a, b, false)
    expect(data.tokens.map(tokenText)).toEqual(['a/b', '·', '↵'])
    expect([...data.pattern]).toEqual([0, 0, 0, 0.5, -0.5, 0, 0.5, -0.25, -0.25])
    expect(extent).toEqual({ low: -0.5, high: 0.5 })
    const look = { profiles: null, caption: null }
    const drawn = patternFigure({ pattern: a, less: b, data, ...look }, '1').dataset()
    expect(drawn.axes['key']!.labels).toEqual(['a/b', '·', '↵'])
    expect(drawn.attributes).toEqual({ input_ids: [97, 32, 10], less_input_ids: [98, 32, 10] })
    expect(mapLess(a, a, false).data.tokens).toBe(a.tokens)
  })
})

it('tells that models are two by their files, wherever these lie', () => {
  const side = (path: string, fingerprint: string) => ({
    model: { path, fingerprint } as ModelInfo,
    run: pattern('ab').run
  })
  const note = 'Two models: head is compared with the head at its place'
  const noteOf = (other: ReturnType<typeof side>) =>
    subtraction('heads', side('one', 'x'), other).note
  expect(noteOf(side('copy', 'x'))).toBeNull()
  expect(noteOf(side('one', 'trained on'))).toBe(note)
})

describe('writtenTokens', () => {
  it('shows what the vocabulary does not have as it is written, with what it is read as', () => {
    const { run } = pattern('aç')
    const [known, unknown] = writtenTokens({
      ...run,
      tokens: [run.tokens[0]!, { ...run.tokens[1]!, text: '\n', piece: '\n', unknown: true }]
    })
    expect(known).toMatchObject({ text: 'a', readAs: null })
    expect(unknown).toMatchObject({ text: 'ç?', readAs: { text: '\n' } })
  })
})
