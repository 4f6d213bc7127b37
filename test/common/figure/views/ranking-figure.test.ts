import { describe, expect, it } from 'vitest'
import { datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import { rankingDataset } from '#common/figure/views/ranking-figure.ts'

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
})
