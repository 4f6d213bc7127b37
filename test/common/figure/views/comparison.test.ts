import { describe, expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import {
  differenceNote,
  noteOfLess,
  patternDifference,
  whyNoDifference
} from '#common/figure/views/comparison.ts'
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
    expect(differenceNote(pattern('ab'), pattern('ab'))).toBeNull()
    const some = { low: -0.5, high: 0 }
    expect(differenceNote(pattern('ab'), pattern('ab'), some)).toBeNull()
    const none = { low: 0, high: 0 }
    expect(differenceNote(pattern('ab'), pattern('ab'), none)).toBe('No weight differs')
    expect(differenceNote(pattern('ab'), pattern('ac'))).toContain(
      'position is compared with position'
    )
  })
})

it('tells that models are two by their files, wherever these lie', () => {
  const side = (path: string, fingerprint: string) => ({
    model: { path, fingerprint } as ModelInfo,
    run: pattern('ab').run
  })
  const note = 'Two models: head is compared with the head at its place'
  expect(noteOfLess('heads', side('one', 'x'), side('copy', 'x'))).toBeNull()
  expect(noteOfLess('heads', side('one', 'x'), side('one', 'trained on'))).toBe(note)
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
