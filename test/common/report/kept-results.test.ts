import { expect, it } from 'vitest'
import { AnalysisRequest } from '#common/contract/session.ts'
import { emptySessionWindow } from '#common/contract/session-window.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { keptResults, mostDrawnResults } from '#common/report/kept-results.ts'
import type { ReportedSession } from '#common/report/reported-session.ts'
import { model, run as ranOf, tokens } from '../../renderer/fake-client.ts'

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
    ...{
      version: '1',
      content: { library: [], runs: [], window: null },
      kept: { runs: [], results }
    },
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

it('draws nothing of runs that a text was only gone on by, unless a tab is of them', async () => {
  const info = model('a')
  const text = { ...ranOf(info, 'ab'), tokens: tokens('ab', [1]) }
  const { source } = text
  const requests = [
    [0, 1],
    [0, 1, 7],
    [0, 1, 7, 9],
    [5, 1, 7]
  ].map(ids =>
    AnalysisRequest.parse({
      name: 'of none',
      params: {},
      of: { model: source.model, corpus: { inputs: [{ ids }], window: null, stride: null } }
    })
  )
  const onTab = { ...source, input: { ids: [0, 1, 7, 9] } }
  const window = {
    ...emptySessionWindow('A', null),
    tabs: [{ id: 't', type: 'predictions', context: { on: { run: onTab, at: {} }, with: null } }]
  }
  const session = {
    ...{ version: '1', models: [{ info, state: 'here', formerly: [] }] },
    content: { library: [], runs: [{ source, modelName: 'a', at: 0 }], window },
    kept: { runs: [], results: requests.map(request => ({ request, bytes: 1 })) }
  } as unknown as ReportedSession
  const numbers = { axes: ['layer'], data: Float64Array.of(1, 2), unit: '', about: '' }
  const figures = await keptResults(session, {
    run: ({ input }) => {
      if ('text' in input) return Promise.resolve(text)
      const ids = input.ids.map(id => ({ ...text.tokens[0]!, id }))
      return Promise.resolve({ ...text, source: { ...source, input }, tokens: ids })
    },
    result: () => Promise.resolve(dataset({ layer: axis(2) }, { numbers }))
  })
  expect(figures.map(({ from }) => 'of' in from && from.of.input)).toEqual([
    ...[{ ids: [0, 1] }, { ids: [0, 1, 7, 9] }, { ids: [5, 1, 7] }]
  ])
})
