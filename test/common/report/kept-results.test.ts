import { expect, it } from 'vitest'
import { AnalysisRequest } from '#common/contract/session.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { keptResults, mostDrawnResults } from '#common/report/kept-results.ts'
import type { ReportedSession } from '#common/report/reported-session.ts'
import { model } from '../../renderer/fake-client.ts'

it('of more results than a report draws it draws those that were looked at last', async () => {
  const info = model('a')
  const ref = { path: info.path, fingerprint: info.fingerprint }
  const results = Array.from({ length: mostDrawnResults + 2 }, (_, i) => {
    const corpus = { inputs: [{ text: `text ${i}` }], window: null, stride: null }
    return {
      request: AnalysisRequest.parse({
        name: 'of none',
        params: { position: i, also: null },
        of: { model: ref, corpus }
      }),
      bytes: 1
    }
  })
  const session = {
    ...{ version: '1', content: { library: [] }, kept: { runs: [], results } },
    models: [{ info, state: 'here', formerly: [] }]
  } as unknown as ReportedSession
  const numbers = { axes: ['layer'], data: Float64Array.of(1, 2), unit: '', about: '' }
  const figures = await keptResults(session, {
    run: () => Promise.reject(new Error('not asked')),
    result: () => Promise.resolve(dataset({ layer: axis(2) }, { numbers }))
  })
  const texts = figures.map(({ from }) => 'of' in from && from.of.input)
  const [first, ...others] = texts
  expect(first).toEqual({ text: 'text 2' })
  expect(others.at(-1)).toEqual({ text: `text ${mostDrawnResults + 1}` })
  expect(texts).toHaveLength(mostDrawnResults)
  // What tells it from the others of the same text.
  const { from } = figures[0]!
  expect('of' in from && from.of.place).toMatch(/^of none: numbers[^=]*, with position=2$/)
})
