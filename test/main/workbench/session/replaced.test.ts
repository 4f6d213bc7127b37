import { expect, it } from 'vitest'
import type { KeptWish } from '#common/contract/session.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import type { OpenModels } from '../../../../src/main/workbench/model/open-models.ts'
import { createAbsences } from '../../../../src/main/workbench/session/absences.ts'
import { standInId } from '../../../../src/main/workbench/session/absent.ts'
import type { KeptSession } from '../../../../src/main/workbench/session/kept-session.ts'
import { withReplaced } from '../../../../src/main/workbench/session/replaced.ts'
import { requestKey } from '../../../../src/main/workbench/session/request-key.ts'

const client = 'one'
const [own, former] = ['own', 'former'].map(fingerprint => ({ path: '/m', fingerprint }))
const sourceOf = (model: ModelRef) => ({
  ...{ model, input: { text: 'x' } },
  ...{ edits: [], provider: 'cpu' as const }
})
const requestOf = (model: ModelRef) => ({
  ...{ name: 'predictions', params: {}, with: null },
  of: { model, corpus: null, edits: [], provider: 'cpu' as const }
})

/** A file that keeps a run and a result of each of two models of one path, of which the window wishes for nothing. */
const before = {
  content: { window: null, library: [], runs: [], notes: [], findings: [], figures: [] },
  models: [own!, former!].map(info => ({ info })),
  runs: [own!, former!].map(ref => ({ id: ref.fingerprint, source: sourceOf(ref), tokens: [] })),
  results: new Map(
    [own!, former!].map(ref => [requestKey(requestOf(ref)), { request: requestOf(ref) }])
  )
} as unknown as KeptSession
const nothing: KeptWish = { runs: [], results: [], corpora: [] }
const of = (...refs: readonly ModelRef[]): KeptWish => ({
  runs: refs.map(sourceOf),
  results: refs.map(requestOf),
  corpora: []
})

function wished(open: readonly ModelRef[], stands: readonly ModelRef[] = []): KeptWish {
  const absences = createAbsences({ onGone: () => undefined })
  for (const ref of stands) absences.set(client, standInId(ref), 'changed')
  const models = { openBy: () => open.map(info => ({ info })) } as unknown as OpenModels
  return withReplaced({ models, absences }, nothing, before, { client })
}

it.each<[string, KeptWish, ModelRef[], ModelRef[]]>([
  ['the former where another is open in its place', of(former!), [own!], []],
  ['those of a path where a third is open', of(own!, former!), [{ ...own!, fingerprint: '3' }], []],
  ['the other where one stands in', of(former!), [], [own!]],
  ['none where both are there', nothing, [own!, former!], []],
  ['none where nothing is in their place', nothing, [], []],
  ['none where what is open lies elsewhere', nothing, [{ path: '/n', fingerprint: 'own' }], []]
])('what a file has of models in whose place others are stays: %s', (_, kept, open, stands) => {
  expect(wished(open, stands)).toEqual(kept)
})
