import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { drawing } from '#common/figure/drawing.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { LamellaError } from '#common/model/errors.ts'
import { figureBeside, saidBeside } from '#common/figure/figures-beside.ts'
import { provenanceLines, type Again, type Provenance } from '#common/figure/provenance.ts'

function side(again: Again, precision: Provenance['precision'] = 'float32') {
  const of = {
    ...{ model: 'm', fingerprint: 'f', input: { text: 'a' }, edits: [], provider: 'cpu' },
    place: 'Head 0.1'
  }
  return { title: 'one', from: { version: '1', of, less: null, precision, again } }
}

const attention = { view: 'attention', params: { layer: 0, head: 1 } }

describe('what is said of two sides in one file', () => {
  it.each([
    ['float32', 'float32', 'float32'],
    ['float16', 'float32', 'kept in float16'],
    ['float32', 'float16', 'kept in float16'],
    ['float16', 'float16', 'kept in float16']
  ] as const)('is of %s beside %s that both are %s', (one, other, told) => {
    const said = saidBeside(side(attention, one), side(attention, other))!
    const lines = provenanceLines(said.from).filter(line => line.startsWith('Computed by'))
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toContain(told)
  })

  it('has a command where both are of one folder, or of models', () => {
    const of = (folder: string) => side({ view: 'headvis', params: {}, folder })
    expect(saidBeside(of('/a'), of('/a'))).toMatchObject({
      from: { again: { view: 'headvis', folder: '/a', sides: 'beside' } }
    })
    expect(saidBeside(of('/a'), of('/b'))).toBeNull()
    expect(saidBeside(of('/a'), side(attention))).toBeNull()
  })

  it('has one where both are of one analysis', () => {
    const of = (analysis: string) => side({ analysis, params: {} })
    expect(saidBeside(of('loss'), of('loss'))).toMatchObject({
      from: { again: { analysis: 'loss', sides: 'beside' } }
    })
    expect(saidBeside(of('loss'), of('neurons'))).toBeNull()
  })
})

it('no figure is made of two that no one command makes', () => {
  const bars = { title: 'one', bars: [{ label: 'a', value: 1, notes: [], color: 0 }] }
  const of = (folder: string) => ({
    ...{ ...side({ view: 'headvis', params: {}, folder }), ...drawing(barChart, bars, plainLook) },
    dataset: () => dataset({ bar: axis(1) }, {}, {})
  })
  expect(figureBeside(of('/a'), of('/a'))).toMatchObject({
    title: 'the first and the second · one'
  })
  expect(() => figureBeside(of('/a'), of('/b'))).toThrow(LamellaError)
})
