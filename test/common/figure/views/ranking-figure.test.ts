import { describe, expect, it } from 'vitest'
import { datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import { headScoreKinds } from '#common/analysis/head-scores/score-kinds.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { rankingDataset, rankingFigure } from '#common/figure/views/ranking-figure.ts'

describe('heads in the order of a score', () => {
  it('are a table of their names, places and scores in full', () => {
    const heads = [
      { layer: 2, head: 1, value: 1 / 3 },
      { layer: 0, head: 3, value: NaN }
    ]
    const dataset = rankingDataset(heads, 'induction')
    const table = [...datasetCsv(dataset, tablePlan(dataset))].join('')
    expect(table.trim().split(/\r?\n/)).toEqual([
      'rank,rank_label,layer,head,score',
      `0,Head 2.1,2,1,${1 / 3}`,
      '1,Head 0.3,0,3,NaN'
    ])
  })

  it('say what is taken from what', () => {
    const ranked = (text: string) => ({
      model: { name: 'tiny', fingerprint: 'f' } as never,
      run: { source: { input: { text }, edits: [], provider: 'cpu' } } as never,
      results: []
    })
    const kind = headScoreKinds.find(({ id }) => id === 'induction')!
    const heads = [{ layer: 0, head: 0, value: -0.1 }]
    const own = { heads, kind, of: ranked('To be'), less: ranked('not to be'), span: null }
    const { what, data, from } = rankingFigure(own, '1.0.0')
    expect(data.title).toBe('To be, less not to be · heads by difference of induction')
    expect(what).toBe(data.title)
    expect(from.of.place).toBe('heads by difference of induction')
    expect(rankingFigure({ ...own, less: null }, '1.0.0').data.title).toBe(
      'tiny · heads by induction'
    )
  })

  it('are as exact as the scores of either side', () => {
    const run = { source: { input: { text: 'To be' }, edits: [], provider: 'cpu' as const } }
    const model = { name: 'letters', fingerprint: 'f' } as ModelInfo
    const side = (...precisions: string[]) => {
      const results = precisions.map(precision => ({
        ...{ axes: {}, variables: {} },
        attributes: { precision }
      }))
      return { model, run, results }
    }
    const [kind] = headScoreKinds
    const heads = [{ layer: 0, head: 0, value: 1 }]
    const precision = (of: ReturnType<typeof side>, less: typeof of | null) =>
      rankingFigure({ heads, kind, of, less, span: null }, '1').from.precision
    expect(precision(side('float32', 'float32'), null)).toBe('float32')
    expect(precision(side('float32', 'float16'), null)).toBe('float16')
    expect(precision(side('float32'), side('float16'))).toBe('float16')
  })
})
