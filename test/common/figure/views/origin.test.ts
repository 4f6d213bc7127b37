import { expect, it } from 'vitest'
import { modelOrigin, readOfRun, runOrigin } from '#common/figure/views/origin.ts'
import { idToken, type Token } from '#common/model/token.ts'

const model = { name: 'm', fingerprint: 'abc' }
const token: Token = {
  id: 0,
  piece: '?',
  text: '?',
  start: 3,
  end: 4,
  special: false,
  unknown: true
}
const run = {
  source: { input: { text: '100%' }, edits: [], provider: 'cpu' as const },
  tokens: [token]
}
const over = {
  corpus: { name: 'Two', of: { texts: [{ name: 'a', input: { text: 'x' } }] } },
  ...{ window: 8, stride: null }
}

it('a run says which characters of its text are read as others', () => {
  expect(
    runOrigin(model, readOfRun(run, { corpus: null, window: null, stride: null }), 'Head 0.1')
      .unknown
  ).toBe('"%", read as "?", marked by ?')
})

it('a run says what its text was read as, and of ids and a corpus nothing more', () => {
  expect(runOrigin(model, run, 'Head 0.1').ids).toEqual([0])
  const ofIds = { ...run, source: { ...run.source, input: { ids: [0] } } }
  expect(runOrigin(model, ofIds, 'Head 0.1')).not.toHaveProperty('ids')
  expect(runOrigin(model, readOfRun(run, over), 'Heads')).not.toHaveProperty('ids')
})

it('a corpus stands in the place of the text, with how it is cut', () => {
  const { input, corpus, cut } = runOrigin(model, readOfRun(run, over), 'Heads')
  expect({ input, corpus, cut }).toEqual({
    input: null,
    corpus: { name: 'Two', inputs: [{ text: 'x' }] },
    cut: { window: 8, stride: null }
  })
})

it('a run of which all is known says nothing of it, nor what a corpus stands for', () => {
  const known = { ...run, tokens: [idToken(0)] }
  expect(runOrigin(model, known, 'Head 0.1')).not.toHaveProperty('unknown')
  expect(runOrigin(model, readOfRun(run, over), 'Heads')).not.toHaveProperty('unknown')
})

it('numbers of a model that a session stands in for are said to be kept, and of no other', () => {
  const away = { ...model, absent: 'aside' as const }
  for (const of of [modelOrigin, (own: typeof away, place: string) => runOrigin(own, run, place)]) {
    expect(of(away, 'Head 0.1')).toHaveProperty('kept', true)
    expect(of({ ...model, absent: undefined } as never, 'Head 0.1')).not.toHaveProperty('kept')
  }
})
