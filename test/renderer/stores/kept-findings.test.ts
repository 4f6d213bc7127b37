import type { z } from 'zod'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { keptFindings } from '#common/analysis/head-atlas/kept-finding.ts'
import {
  dropFinding,
  keepFinding,
  keptAlike,
  keptAsked,
  modelNameOf
} from '../../../src/renderer/src/stores/kept-findings.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useSession } from '../../../src/renderer/src/stores/session.ts'
import { answering, model } from '../fake-client.ts'

const half = { value: 0.5, baseline: 0.1, above: 0.4, spread: 0.01, p: 1e-9, windows: 8 }
const finding = {
  version: '1.0.0',
  model: { path: '/a', fingerprint: 'f' },
  modelName: 'a',
  over: 'Plays: 16 windows',
  corpus: 'Plays',
  layer: 1,
  head: 3,
  score: 'induction',
  text: 'head 1.3 attends to what followed',
  holds: true,
  found: half,
  tested: { ...half, spread: NaN },
  loss: null
}

const kept = () => keptFindings(useSession().findings)

beforeEach(() => {
  setActivePinia(createPinia())
  answering({})
})

describe('a finding that was kept', () => {
  it('is there with its numbers, and no number where there was none', () => {
    keepFinding(finding)
    expect(kept()).toMatchObject([{ ...finding, kind: 'head', tested: { ...half, spread: null } }])
    expect(JSON.parse(JSON.stringify(useSession().findings))).toEqual(useSession().findings)
  })

  it('has the loss by class of token, if it was kept by a version that tells it', () => {
    const loss = { loss: 2, zero: 2.5, mean: NaN }
    const asKept = { ...loss, mean: null }
    const vowel = { tokens: 40, ...loss }
    keepFinding({ ...finding, loss: { ...loss, classes: { vowel } } })
    const [own] = useSession().findings as [Record<string, z.core.util.JSONType>]
    useSession().findings = [own, { ...own, loss: asKept }]
    expect(kept().map(({ loss }) => loss)).toEqual([
      { ...asKept, classes: { vowel } },
      { ...asKept, classes: {} }
    ])
  })

  it('is known again of the same head, words and windows alone', () => {
    keepFinding(finding)
    expect(keptAlike(finding)).not.toBe(null)
    for (const other of [{ head: 2 }, { over: 'Psalms: 16 windows' }, { text: 'else' }])
      expect(keptAlike({ ...finding, ...other })).toBe(null)
  })

  it('keeps what it was found in, where that is not long, and is another one in another text', () => {
    const found = (text: string) => ({
      ...finding,
      ...keptAsked({
        params: { layers: null },
        of: {
          ...{ corpus: { inputs: [{ text }], window: 8, stride: null }, edits: [] },
          provider: 'cpu'
        }
      })
    })
    keepFinding(found('To be'))
    expect(kept()[0]!.asked!.of.corpus).toMatchObject({ inputs: [{ text: 'To be' }], window: 8 })
    expect(keptAlike(found('To be'))).not.toBe(null)
    expect(keptAlike(found('Or not'))).toBe(null)
    expect(found('a'.repeat(70_000))).not.toHaveProperty('asked')
  })

  it('names its model as the window does, or the session, or as it was then', () => {
    keepFinding({ ...finding, modelName: 'then' })
    const [own] = kept() as [ReturnType<typeof kept>[number]]
    expect(modelNameOf(own)).toBe('then')
    const now = {
      ref: finding.model,
      name: 'now',
      state: 'missing',
      foundAt: null,
      formerly: [],
      kept: true
    }
    useSession().file = { models: [now] } as never
    expect(modelNameOf(own)).toBe('now')
    useModels().open = [model('a')]
    expect(modelNameOf(own)).toBe('a')
  })

  it('is dropped, and what this version does not know stays', () => {
    keepFinding(finding)
    const unknown = { kind: 'circuit', id: 'c' }
    useSession().findings = [...useSession().findings, unknown]
    expect(kept()).toHaveLength(1)
    dropFinding(kept()[0]!.id)
    expect(useSession().findings).toEqual([unknown])
  })
})
