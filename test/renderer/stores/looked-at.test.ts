import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { AnalysisRequest, KeptWish } from '#common/contract/session.ts'
import { rolloutOf } from '../../../src/renderer/src/stores/analyses.ts'
import {
  lookedAt,
  moveLookedAt,
  notesOfSession,
  noteRequest,
  setLookedAt
} from '../../../src/renderer/src/stores/looked-at.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useResults } from '../../../src/renderer/src/stores/results.ts'
import { answering, model, run } from '../fake-client.ts'

const own = model('a')

function asked(layer: number, ids = 1): AnalysisRequest {
  return AnalysisRequest.parse({
    name: 'rollout',
    params: { layer },
    of: {
      model: { path: '/a', fingerprint: 'a' },
      corpus: { inputs: [{ ids: Array.from({ length: ids }, () => 12345) }] }
    }
  })
}

beforeEach(() => setLookedAt([]))

describe('what was looked at', () => {
  it('is each request once, the latest last', () => {
    for (const layer of [0, 1, 2, 0]) noteRequest(asked(layer))
    expect(lookedAt()).toEqual([1, 2, 0].map(layer => asked(layer)))
    setLookedAt([asked(4)])
    expect(lookedAt()).toEqual([asked(4)])
  })

  it('is no more than a session may keep: the latest', () => {
    for (let layer = 0; layer < 1100; layer++) noteRequest(asked(layer))
    expect(() => KeptWish.parse({ runs: [], results: lookedAt(), corpora: [] })).not.toThrow()
    expect(lookedAt()).toHaveLength(1000)
    expect(lookedAt().at(-1)).toEqual(asked(1099))
  })

  it('has room for long texts, and one that has none takes that of no other', () => {
    noteRequest(asked(0, 20_000))
    noteRequest(asked(1, 20_000))
    noteRequest(asked(2, 20_000))
    noteRequest(asked(3, 50_000))
    noteRequest(asked(4))
    expect(lookedAt()).toEqual([asked(1, 20_000), asked(2, 20_000), asked(4)])
  })

  it('is of where a model lies now that is found elsewhere, also what is answered after that', () => {
    noteRequest(asked(0))
    const note = notesOfSession()
    const { model } = asked(0).of
    const to = { path: '/there', fingerprint: 'there' }
    moveLookedAt({ from: model, to })
    note(asked(1))
    const other = { ...asked(2), of: { ...asked(2).of, model: { path: '/b', fingerprint: 'b' } } }
    note(other)
    const there = (layer: number) => ({ ...asked(layer), of: { ...asked(layer).of, model: to } })
    expect(lookedAt()).toEqual([there(0), there(1), other])
    // What is asked then may be of what lies where it was.
    notesOfSession()(asked(3))
    expect(lookedAt().at(-1)).toEqual(asked(3))
  })

  it('is also what lies in memory from before another session was opened', async () => {
    setActivePinia(createPinia())
    useModels().open = [own]
    const calls = answering({
      'analysis.run': () => ({
        axes: {
          layer: { length: 1, labels: null },
          query: { length: 1, labels: null },
          key: { length: 1, labels: null }
        },
        variables: {
          rollout: {
            axes: ['layer', 'query', 'key'],
            unit: '',
            about: '',
            data: new Float32Array(1)
          }
        },
        attributes: {}
      })
    })
    const rollout = rolloutOf(run(own, 'text'), 0)
    await useResults().ask(rollout)
    const [first] = lookedAt()
    expect(first).toMatchObject({ name: 'rollout', params: { layers: [0] }, with: null })
    setLookedAt([])
    await useResults().ask(rollout)
    expect(lookedAt()).toEqual([first])
    expect(calls).toHaveLength(1)
    // What is answered only once another session is open is of that which it was asked for in, unless it is asked for anew.
    const late = rolloutOf(run(own, 'late'), 0)
    const waiting = useResults().ask(late)
    setLookedAt([])
    await waiting
    expect(lookedAt()).toEqual([])
    const both = rolloutOf(run(own, 'both'), 0)
    const before = useResults().ask(both)
    setLookedAt([])
    await Promise.all([before, useResults().ask(both)])
    expect(lookedAt()).toHaveLength(1)
    expect(calls).toHaveLength(3)
  })
})
