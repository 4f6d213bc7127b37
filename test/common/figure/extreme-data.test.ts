import { describe, expect, it } from 'vitest'
import { drawingOf, kindNames } from '#common/figure/drawing-of.ts'
import type { KeptPart } from '#common/figure/drawing.ts'
import type { ChartPanel, Panel } from '#common/figure/figure-kind.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { LamellaError } from '#common/model/errors.ts'
import { withAt, type Place } from './kept-place.ts'
import { exampleLook, keptOf, kindExamples } from './kind-examples.ts'

interface Altered {
  readonly at: Place
  readonly to: string
  readonly part: KeptPart
}

/** What a stranger's file may say in place of a number, a text or a list. Larger ones would not end where nothing refuses them. */
const numbers = [1e308, -1e308, 1e-320, 3e5, 2 ** 53 - 1, -1, 0, 0.5, NaN, Infinity]
const texts = ['W'.repeat(200_000), '\u202e\u0301'.repeat(3000), '']
const listLength = 20_000

/** Each place of what a figure is drawn of, of lists their first entry alone, in all of its alterations. */
function altered(part: KeptPart): Altered[] {
  return (['data', 'look'] as const).flatMap(name =>
    places(part[name], [name]).flatMap(({ at, value }) =>
      alterations(value).map(([to, other]) => ({
        ...{ at, to },
        part: withAt(part, at, other) as KeptPart
      }))
    )
  )
}

function places(value: unknown, at: Place): { readonly at: Place; readonly value: unknown }[] {
  const own = { at, value }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [own]
  const parts = Array.isArray(value)
    ? value.slice(0, 1).map((part, i) => places(part, [...at, i]))
    : Object.entries(value).map(([name, part]) => places(part, [...at, name]))
  return [own, ...parts.flat()]
}

function alterations(value: unknown): (readonly [to: string, other: unknown])[] {
  if (typeof value === 'number') return numbers.map(own => [String(own), own])
  if (typeof value === 'string') return texts.map(own => [`${own.length} letters`, own])
  if (value === null) return [['0', 0]]
  if (value instanceof Float32Array || value instanceof Float64Array) {
    const floats = (length: number, own: number) =>
      value instanceof Float32Array
        ? new Float32Array(length).fill(own)
        : new Float64Array(length).fill(own)
    const filled = [1e308, NaN, Infinity, 1e-320].map(
      own => [`all ${own}`, floats(value.length, own)] as const
    )
    return [...filled, ['none', floats(0, 0)], ['2,000,000', floats(2_000_000, 0.5)]]
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return []
    const many = Array.from({ length: listLength }, (_, i) => value[i % value.length] as unknown)
    return [['none', []], ['one', value.slice(0, 1)], ['many', many]] // prettier-ignore
  }
  return []
}

/** Whether all that a panel says of places and sizes is a number that can be drawn. */
function isFinite(panel: Panel): boolean {
  const own = [panel.width, panel.height]
  if (!own.every(Number.isFinite)) return false
  if (panel.kind === 'row')
    return allFinite(panel.marks) && panel.parts.every(part => isFinite(part.panel))
  if (panel.kind === 'map')
    return allFinite([
      panel.marks.map(mark => ({ ...mark, tip: null, tips: null })),
      panel.rasters.map(({ left, top, width, height, scene }) => {
        return [left, top, width, height, scene.view, scene.stage]
      })
    ])
  const { graphic, grid, xAxis, yAxis } = panel.option
  return allFinite([graphic, grid, xAxis, yAxis])
}

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(allFinite)
}

/** Of a kind that has no other example: its pages say nothing of what is pointed at. */
const space: KeptPart = {
  ...{ kind: 'model-space', look: exampleLook, size: null },
  data: {
    ...{ title: null, note: 'a note', angle: { turn: 0.5, tip: 0.3 }, colored: { by: 'nothing' } },
    parts: [0, 1].map(i => ({
      ...{ words: 'W_Q', from: [i, 0, 0], to: [i + 0.5, 1, 1], path: [i, 0, 0, 0, 0], color: 0 }
    })),
    names: [{ text: 'Layer 0', at: [0, 1, 1] }]
  }
}

const wish = { ...presetWish('icml', plainWish), widthMm: 84 }
/** Most take a millisecond; a busy machine may take many times that. */
const mostSeconds = 20

/** What goes wrong with altered data; null where they are refused in words or drawn. */
function faultOf(part: KeptPart): string | null {
  const start = performance.now()
  try {
    const { panel } = drawingOf({ parts: [part], names: [] }).draw(wish)
    if (!isFinite(panel)) return 'drawn with what is no number'
  } catch (thrown) {
    const isSaid = thrown instanceof LamellaError && thrown.code === 'file-invalid'
    if (!isSaid) return String(thrown)
  }
  const seconds = (performance.now() - start) / 1000
  return seconds > mostSeconds ? `took ${seconds.toFixed(0)} s` : null
}

describe('data of a stranger’s file', () => {
  it.each(kindNames)(
    'of the kind %s are refused in words, or drawn at once and with numbers alone',
    async kind => {
      const kept = (await keptOf(kind)).flatMap(({ parts }) => parts)
      const examples = kindExamples
        .filter(([name, data]) => name === kind && data !== null)
        .map(([, data]): KeptPart => ({ kind, data, look: exampleLook, size: null }))
      const own = kind === space.kind ? [space] : [...kept, ...examples]
      expect(own).not.toEqual([])
      const faults = own.flatMap(part =>
        altered(part).flatMap(({ at, to, part: own }) => {
          const fault = faultOf(own)
          return fault === null ? [] : [`${at.join('.')} as ${to}: ${fault}`]
        })
      )
      expect(faults).toEqual([])
    }
  )

  it('say in words of what there is too much', () => {
    const [, data] = kindExamples.find(([kind]) => kind === 'weight-map')!
    const own = data as Readonly<Record<string, unknown>>
    const opened = (change: object) => () => {
      const part = {
        kind: 'weight-map',
        data: { ...own, ...change },
        look: exampleLook,
        size: null
      }
      return drawingOf({ parts: [part], names: [] })
    }
    const words = 'The data of a figure of the kind “weight-map” are more than one is drawn of: '
    expect(opened({ name: 'W'.repeat(200_000) })).toThrow(
      `${words}a text of 200,000 letters, over 10,000`
    )
    const labels = { rows: Array.from({ length: 60_000 }, () => 'a') }
    expect(opened({ labels })).toThrow(`${words}a list of 60,000, over 50,000`)
    expect(opened({ rows: { from: 0, to: 1e7, each: 1 } })).toThrow(
      'The data of a figure of the kind “weight-map” are not what it is drawn of'
    )
  })

  it('name the groups that there are, whatever their numbers', async () => {
    const [part] = (await keptOf('head-scatter')).flatMap(({ parts }) => parts)
    const [first, ...others] = (part!.data as { points: object[] }).points
    const points = [{ ...first, group: 1e9 }, ...others.map(own => ({ ...own, group: 2 }))]
    const data = { ...(part!.data as object), points }
    const { panel } = drawingOf({ parts: [{ ...part!, data }], names: [] }).draw(wish)
    const { graphic = [] } = (panel as ChartPanel).option as {
      readonly graphic?: readonly { readonly style: { readonly text?: string } }[]
    }
    expect(graphic.flatMap(({ style }) => style.text ?? []).slice(0, 3)).toEqual([
      ...['group', '3', '1000000001']
    ])
  })
})
