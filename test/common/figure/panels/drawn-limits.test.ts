import { describe, expect, it } from 'vitest'
import { kindNames } from '#common/figure/drawing-of.ts'
import type { KeptPart } from '#common/figure/drawing.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { drawnPanels, type PanelsLayout } from '#common/figure/panels/drawn-panels.ts'
import { openedFigure, openedPanels } from '#common/figure/panels/opened-figure.ts'
import {
  packedContent,
  panelContent,
  type PanelContent
} from '#common/figure/panels/panel-content.ts'
import { sessionFigures, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import { withAt, type Place } from '../kept-place.ts'
import { exampleLook, keptOf, kindExamples, keptFigure } from '../kind-examples.ts'

type List = readonly unknown[] | Float32Array | Float64Array | Uint8Array

const layout: PanelsLayout = {
  ...{ name: 'Big', preset: 'icml', widthMm: 171.45, points: null, font: 'sans' },
  ...{ background: 'paper', columns: 6, lettering: '(a)' }
}
/** As many as a figure may have. */
const panels = 26
/** Most of what is not refused takes less than one; a busy machine may take many times that, and as many marks many minutes. */
const mostSeconds = 30

/** Where lists are, of those in lists in the first entry alone. */
function lists(value: unknown, at: Place = []): (readonly [at: Place, list: List])[] {
  if (typeof value !== 'object' || value === null) return []
  if (ArrayBuffer.isView(value)) return [[at, value as Float32Array]]
  if (Array.isArray(value))
    return [[at, value], ...value.slice(0, 1).flatMap(own => lists(own, [...at, 0]))]
  return Object.entries(value).flatMap(([name, own]) => lists(own, [...at, name]))
}

/** The longest that a list of a stranger's file may be, of what there is of it. */
function longest(list: List, name: string | number | undefined): List {
  const length = name === 'cells' ? 200_000 : 50_000
  if (Array.isArray(list)) return Array.from({ length }, (_, i) => list[i % list.length] as unknown)
  const own = list as Float32Array
  return new (own.constructor as Float32ArrayConstructor)(length).map(
    (_, i) => own[i % own.length]!
  )
}

/** What is said of a page of so many such panels; null where it is drawn. */
function refusal(part: KeptPart, count: number): string | null {
  const content = { drawing: { parts: [part], names: [] } } as unknown as PanelContent
  const all = Array.from({ length: count }, () => ({ title: '', columns: 1 }))
  const figure = { panels: all, oneScale: false } as unknown as SessionFigure
  const faults: string[] = []
  const opened = openedPanels(
    figure,
    all.map(() => content),
    ({ message }) => faults.push(message)
  )
  if (faults.length > 0) return faults[0]!
  try {
    figureSvg(drawnPanels(layout, opened))
    return null
  } catch (thrown) {
    return (thrown as Error).message
  }
}

describe('a page of panels of a stranger’s file', () => {
  it.each(kindNames)(
    'of the kind %s is refused in words or drawn in a moment, whichever list is the longest there may be',
    async kind => {
      const kept = (await keptOf(kind)).flatMap(({ parts }) => parts)
      const example = kindExamples.find(([name, data]) => name === kind && data !== null)
      const own = kept[0] ?? { kind, data: example?.[1], look: exampleLook, size: null }
      for (const [at, list] of lists(own.data)) {
        if (list.length === 0) continue
        const part = { ...own, data: withAt(own.data, at, longest(list, at.at(-1))) }
        const pageOf = (count: number) => {
          const start = process.cpuUsage()
          const said = refusal(part, count)
          const { user, system } = process.cpuUsage(start)
          if (said !== null)
            expect(said).toMatch(/^(The data of a figure of the kind|“Big” is more)/)
          return { said, seconds: (user + system) / 1e6 }
        }
        // What is refused by itself is so of each panel, one after the other.
        const alone = pageOf(1)
        const seconds = alone.said === null ? pageOf(panels).seconds : panels * alone.seconds
        expect(seconds, `${at.join('.')}: ${alone.said}`).toBeLessThan(mostSeconds)
      }
    }
  )

  it('names itself and the next step where its panels are too much together', async () => {
    const [part] = (await keptOf('attention-lines'))[0]!.parts
    const lines = longest((part!.data as { readonly lines: List }).lines, 'lines')
    const whole = { ...part!, data: withAt(part!.data, ['lines'], lines) }
    const page = (count: number) => () =>
      drawnPanels(
        layout,
        openedPanels(
          {
            panels: Array.from({ length: count }, () => ({ title: '', columns: 1 })),
            oneScale: false
          } as unknown as SessionFigure,
          Array.from({ length: count }, () => ({ drawing: { parts: [whole], names: [] } }) as never)
        )
      )
    expect(page(3)).not.toThrow()
    expect(page(4)).toThrow(
      expect.objectContaining({
        message: '“Big” is more than one figure is drawn of: its panels up to (d) would take over 250,000 marks', // prettier-ignore
        hint: 'Take panels out of it, or spread them over several figures.'
      }) as Error
    )
  })

  it('takes nothing for a panel that is refused from those after it', async () => {
    const [part] = (await keptOf('attention-lines'))[0]!.parts
    const large = {
      ...part!,
      data: {
        ...(part!.data as object),
        many: Array.from({ length: 50 }, () => new Array<number>(45_000).fill(0))
      }
    }
    const opened = openedPanels(
      {
        panels: [large, part!].map(() => ({ title: '', columns: 1 })),
        oneScale: false
      } as unknown as SessionFigure,
      [large, part!].map(own => ({ drawing: { parts: [own], names: [] } }) as never)
    )
    expect(opened.map(({ drawing }) => typeof drawing)).toEqual(['string', 'object'])
  })

  it('may take as much as it may together when it is read', async () => {
    const [figure] = sessionFigures(keptFigure)
    const [first] = figure!.panels
    const content = await panelContent(first!.content)
    const panels = []
    for (const letter of ['a', 'b', 'c', 'd', 'e']) {
      const large = { ...content, title: letter.repeat(60 * 2 ** 20) }
      panels.push({ ...first!, content: await packedContent(large) })
    }
    const of = { ...figure!, panels }
    const { faults } = await openedFigure(of, { session: '', version: '' })
    expect(faults.map(({ message }) => message)).toEqual([
      'panel (e): With the panels before it, this one takes more than a figure may'
    ])
  })

  it('is drawn of the most that a view makes: what a model of 96 layers has read in 1,024 tokens', () => {
    const [, data] = kindExamples.find(([kind]) => kind === 'token-grid')!
    const own = data as Readonly<Record<string, readonly unknown[]>>
    const [layers, tokens] = [97, 1024]
    const many = (name: string, length: number) =>
      Array.from({ length }, (_, i) => own[name]![i % own[name]!.length])
    const whole = {
      ...own,
      ...{
        rows: Array.from({ length: layers }, (_, i) => String(i)),
        tokens: many('tokens', tokens)
      },
      cells: many('cells', layers * tokens),
      values: new Float32Array(layers * tokens).fill(0.5),
      hits: new Uint8Array(layers * tokens)
    }
    const part: KeptPart = { kind: 'token-grid', data: whole, look: exampleLook, size: null }
    const content = { drawing: { parts: [part], names: [] } } as never
    const figure = { panels: [{ title: '', columns: 1 }], oneScale: false } as unknown as SessionFigure // prettier-ignore
    expect(drawnPanels(layout, openedPanels(figure, [content])).faults).not.toContain('more')
  })
})
