import { describe, expect, it } from 'vitest'
import { axis, Dataset, dataset, descriptions, variable, withDrawn } from '#common/data/dataset.ts'
import { datasetBeside } from '#common/data/dataset-beside.ts'
import { csvFile, datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelsDataset } from '#common/figure/panels/panels-dataset.ts'
import { plainWish } from '#common/figure/presets.ts'
import { mmOfPixels } from '#common/figure/units.ts'
import type { SavedFigure } from '../../../../src/renderer/src/stores/exports.ts'
import { dataFormats } from '../../../../src/renderer/src/ui/figure/data-formats.ts'
import { figureFormats } from '../../../../src/renderer/src/ui/figure/figure-formats.ts'
import { formatsBeside } from '../../../../src/renderer/src/ui/figure/formats-beside.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const
const names = ['to be', 'or not'] as const
const weights = (of: readonly number[], from: string) =>
  dataset(
    { token: axis(of.map((_, i) => `t${i}`)) },
    {
      weight: { axes: ['token'], unit: '', about: '', data: Float32Array.from(of) },
      place: { axes: ['token'], unit: '', about: '', data: Int32Array.from(of, (_, i) => i) }
    },
    { from }
  )
const of = (model: string) => ({
  ...{ model: 'm', fingerprint: 'f' },
  input: { text: model === 'a' ? names[0] : names[1] },
  edits: [],
  provider: 'cpu',
  place: 'Head 0.1'
})
const formats = (name: string, values: readonly number[]) => {
  const again = { view: 'parameters', params: {} }
  const from = { version: '1', of: of(name), less: null, precision: 'float32', again } as const
  const bars = { title: name, bars: [{ label: name, value: 1, notes: [], color: 0 }] }
  const dataset = () => withDrawn(weights(values, name), ['weight'])
  return [
    ...figureFormats(barChart, `${name} · bars`, bars, look, { from, note: 'bars', dataset }),
    ...dataFormats(`${name} · weights`, dataset(), from),
    {
      is: 'file' as const,
      text: 'TXT',
      note: 'words',
      name: `${name}.txt`,
      content: () => Promise.resolve(new Blob([name]))
    }
  ]
}
const drawnIn = ({ variables }: Dataset) =>
  Object.keys(variables).filter(name => variables[name]!.drawn)
function without({ is, title, note, from, draw, heading, kept, shows }: SavedFigure): SavedFigure {
  return { is, title, note, from, draw, heading, kept, shows }
}
const both = formatsBeside(formats('a', [1, 2]), formats('b', [3, 4]))

describe('figures of two sides', () => {
  it('are one, each under its name, of both origins', () => {
    const [figure] = both.filter(format => format.is === 'figure')
    expect(figure).toMatchObject({ title: 'to be and or not · bars', note: 'bars, both sides' })
    expect(figure!.from).toMatchObject({
      of: { input: { text: 'to be' } },
      beside: { input: { text: 'or not' } },
      // The command of the first side alone would make the half of it.
      again: { view: 'parameters', sides: 'beside', withRun: { input: { text: 'or not' } } }
    })
    const { panel, widthMm } = figure!.draw(plainWish)
    if (panel.kind !== 'row') throw new Error('not in a row')
    expect(panel.parts).toHaveLength(2)
    // What their titles say beside that stands there, too.
    expect(panel.marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))).toEqual([
      `${names[0]} · a`,
      `${names[1]} · b`
    ])
    expect(widthMm).toBeCloseTo(mmOfPixels(2 * 560 + 24), 6)
  })

  it('share the width that is asked for, with letters of the size that is asked for', () => {
    const [figure] = both.filter(format => format.is === 'figure')
    const wish = { ...plainWish, preset: 'neurips', widthMm: 139.7, points: 9 } as const
    const { panel, widthMm, points, faults } = figure!.draw(wish)
    expect(widthMm).toBeCloseTo(139.7, 6)
    expect(mmOfPixels(panel.width)).toBeCloseTo(139.7, 6)
    expect(points).toBeCloseTo(9, 6)
    expect(faults).toEqual([])
  })
})

describe('what two sides are saved as', () => {
  it('is first what is of both, then what is of each, by its name', () => {
    const told = both.map(({ is, side }) => [side?.name, is, side?.part])
    expect(told).toEqual([
      ['Both sides', 'figure', 'bars'],
      ['Both sides', 'data', ''],
      ...['to be', 'or not'].flatMap(name => [
        [name, 'figure', 'bars'],
        [name, 'data', ''],
        [name, 'file', 'words']
      ])
    ])
    const notes = both.map(({ note }) => note)
    expect(new Set(notes).size).toBe(notes.length)
    expect(notes.slice(0, 4)).toEqual(['bars, both sides', 'both sides', 'bars · to be', 'to be'])
  })

  it('has each side as it is by itself', () => {
    const alone = both.filter(({ side, is }) => is === 'figure' && side?.name === 'or not')
    expect(alone).toMatchObject([
      { title: 'b · or not · bars', from: { of: { input: { text: 'or not' } } } }
    ])
  })
})

describe('numbers of two sides', () => {
  it('are those of their figure, too, and tell what it draws', () => {
    const numbers = (is: string) => {
      const found = both.find(format => format.is === is)!
      return found.is === 'file' ? undefined : found.dataset?.()
    }
    expect(drawnIn(numbers('figure')!)).toEqual(['weight'])
    expect(numbers('figure')).toEqual(numbers('data'))
    // Of one that has no numbers both have none.
    const [bare] = formatsBeside(
      formats('a', [1]),
      formats('b', [2]).map(format => (format.is === 'figure' ? without(format) : format))
    )
    expect(bare).toMatchObject({ is: 'figure', note: 'bars, both sides' })
    expect(bare).not.toHaveProperty('dataset')
  })

  it('tell what is drawn of each side where they are of unlike lengths', () => {
    const unlike = formatsBeside(formats('a', [1, 2]), formats('b', [3]))
    const [data] = unlike.filter(format => format.is === 'data')
    expect(drawnIn(data!.dataset())).toEqual(['first.weight', 'second.weight'])
  })

  it('are a table with a column for the side, where they are over the same axes', () => {
    const [data] = both.filter(format => format.is === 'data')
    const own = data!.dataset()
    expect(linesOf(own)).toEqual([
      'side,side_label,token,token_label,weight,place',
      '0,to be,0,t0,1,0',
      '0,to be,1,t1,2,1',
      '1,or not,0,t0,3,0',
      '1,or not,1,t1,4,1'
    ])
    expect(own.attributes).toEqual({
      sides: [...names],
      first: { from: 'a' },
      second: { from: 'b' }
    })
    expect(variable(own, 'place').data).toBeInstanceOf(Int32Array)
  })

  it('are apart where they are not, each over its own axes, and one table with the same columns', () => {
    const own = datasetBeside(weights([1, 2], 'a'), weights([3, 4, 5], 'b'), names)
    expect(Object.keys(own.variables)).toEqual([
      ...['first.weight', 'first.place'],
      ...['second.weight', 'second.place']
    ])
    expect(variable(own, 'second.weight')).toMatchObject({
      axes: ['second.token'],
      data: Float32Array.of(3, 4, 5)
    })
    expect(own.axes['second.token']!.labels).toEqual(['t0', 't1', 't2'])
    expect(variable(own, 'first.place').data).toBeInstanceOf(Int32Array)
    expect(tablePlan(own).left).toEqual([])
    expect(linesOf(own)).toEqual([
      'side,side_label,token,token_label,weight,place',
      '0,to be,0,t0,1,0',
      '0,to be,1,t1,2,1',
      '1,or not,0,t0,3,0',
      '1,or not,1,t1,4,1',
      '1,or not,2,t2,5,2'
    ])
    // A session's file keeps it, and its files of arrays say it.
    expect(Dataset.parse(own)).toEqual(own)
    expect(descriptions(own)['second.weight']!.part).toEqual({
      ...{ of: 'weight', axes: ['side', 'token'], at: 1 }
    })
  })

  it('of two maps name the tokens of each', () => {
    const map = (letters: string) =>
      dataset(
        { query: axis([...letters]), key: axis([...letters]) },
        {
          weight: {
            ...{ axes: ['query', 'key'], unit: '', about: 'attention' },
            data: Float32Array.from({ length: letters.length ** 2 }, (_, i) => i)
          }
        }
      )
    const own = datasetBeside(map('a'), map('bc'), names)
    expect(linesOf(own)).toEqual([
      'side,side_label,query,query_label,key,key_label,weight',
      '0,to be,0,a,0,a,0',
      '1,or not,0,b,0,b,0',
      '1,or not,0,b,1,c,1',
      '1,or not,1,c,0,b,2',
      '1,or not,1,c,1,c,3'
    ])
    const file = [...csvFile(own, tablePlan(own))].join('')
    expect(file.match(/^# column .*/gm)).toEqual(['# column weight: attention'])
    // As a panel of a figure it is the same, by its letter.
    const panels = panelsDataset([null, { numbers: own, left: [] }], '(a)')!
    expect(linesOf(panels)[0]).toBe(
      'b.side,b.side_label,b.query,b.query_label,b.key,b.key_label,b.weight'
    )
    expect(linesOf(panels).slice(1)).toEqual(linesOf(own).slice(1))
  })

  it('are each as its own axes ask: those that are alike have a side, the others stand apart', () => {
    const of = (heads: number, tokens: number, from: number) =>
      dataset(
        { head: axis(heads), token: axis(tokens) },
        {
          score: {
            ...{ axes: ['head'], unit: '', about: '' },
            data: Float64Array.from({ length: heads }, (_, i) => from + i)
          },
          weight: {
            ...{ axes: ['head', 'token'], unit: '', about: '' },
            data: Float64Array.from({ length: heads * tokens }, (_, i) => 10 * from + i)
          }
        }
      )
    const own = datasetBeside(of(2, 1, 1), of(2, 2, 5), names)
    expect(variable(own, 'score')).toMatchObject({ axes: ['side', 'head'] })
    expect([...variable(own, 'score').data]).toEqual([1, 2, 5, 6])
    expect([...variable(own, 'first.weight').data]).toEqual([10, 11])
    expect([...variable(own, 'second.weight').data]).toEqual([50, 51, 52, 53])
    expect(tablePlan(own)).toMatchObject({ axes: ['side', 'head', 'token'], left: ['score'] })
    expect(linesOf(own).slice(1)).toEqual([
      ...['0,to be,0,0,10', '0,to be,1,0,11'],
      ...['1,or not,0,0,50', '1,or not,0,1,51', '1,or not,1,0,52', '1,or not,1,1,53']
    ])
  })

  it('say of what one side alone has that the other has none', () => {
    const { axes, variables, attributes } = weights([3, 4], 'b')
    const { place } = variables
    const less = dataset(axes, { place: place! }, attributes)
    const own = datasetBeside(weights([1, 2], 'a'), less, names)
    expect(Object.keys(own.variables)).toEqual(['first.weight', 'first.place', 'second.place'])
    expect(linesOf(own).slice(1)).toEqual([
      ...['0,to be,0,t0,1,0', '0,to be,1,t1,2,1'],
      ...['1,or not,0,t0,NaN,0', '1,or not,1,t1,NaN,1']
    ])
  })
})

function linesOf(own: Dataset): string[] {
  return [...datasetCsv(own, tablePlan(own))].join('').trim().split('\r\n')
}

it('says of what is of one side alone whose it is', () => {
  const files = both.filter(format => format.is === 'file')
  expect(files.map(({ note }) => note)).toEqual(['words · to be', 'words · or not'])
  const more = formatsBeside([], formats('b', [3]))
  expect(more.map(({ note }) => note)).toEqual([
    'bars · the second',
    'the second',
    'words · the second'
  ])
})
