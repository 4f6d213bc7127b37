import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawingOf } from '#common/figure/drawing-of.ts'
import type { KeptPart } from '#common/figure/drawing.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { drawnPanels } from '#common/figure/panels/drawn-panels.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { plainWish } from '#common/figure/presets.ts'
import { projectRoot } from '../../golden/workbench.ts'

const kinds = join(projectRoot, 'src/common/figure')

/** Names of all kinds that can be drawn. */
async function kindNames(): Promise<string[]> {
  const names: string[] = []
  for (const file of readdirSync(kinds).filter(file => file.endsWith('.ts'))) {
    const all = (await import(join(kinds, file))) as Readonly<Record<string, unknown>>
    for (const own of Object.values(all))
      if (typeof own === 'object' && own !== null && 'panel' in own && 'natural' in own)
        names.push((own as unknown as { name: string }).name)
  }
  return [...new Set(names)]
}

/** As a session of November 2026 keeps it: a panel at least of each kind that views saved then. It is never written anew. */
const kept = JSON.parse(
  readFileSync(join(dirname(import.meta.filename), 'panels/kept-figure.json'), 'utf8')
) as unknown[]

interface Layered {
  readonly layers: unknown[]
}

/** Has a list of one thing be of as many. */
function fill(list: unknown[], length: number): void {
  const [first] = list
  list.length = 0
  for (let i = 0; i < length; i++) list.push(first)
}

describe('a kept figure', () => {
  it('is of any kind that there is', async () => {
    const names = await kindNames()
    expect(names.length).toBeGreaterThan(10)
    const look: KeptPart['look'] = {
      ...{ colorMap: 'magma', scale: 'linear', follows: true, pooling: 'mean' },
      range: { low: 0, high: 1 }
    }
    for (const kind of names) {
      const none = { parts: [{ kind, data: null, look, size: null }], names: [] }
      expect(() => drawingOf(none)).toThrow(`The data of a figure of the kind “${kind}” are not`)
    }
  })

  it.each<readonly [kind: string, change: (data: never) => void]>([
    ['attention-lines', (data: { lines: { head: number }[] }) => (data.lines[0]!.head = 1e9)],
    ['dendrogram', (data: { merges: { first: number }[] }) => (data.merges[0]!.first = 1e9)],
    ['dendrogram', (data: { merges: { second: number }[] }) => (data.merges[0]!.second = -1)],
    ['head-map', (data: { heads: number }) => (data.heads = 1e9)],
    ['model-lines', (data: { heads: number }) => (data.heads = 1e9)],
    ['bar-chart', (data: { bars: unknown[] }) => fill(data.bars, 5001)],
    ['dendrogram', (data: { leaves: unknown[] }) => fill(data.leaves, 16_385)],
    ['depth-kinds', (data: { sides: Layered[] }) => fill(data.sides[0]!.layers, 4097)],
    ['vector-product', (data: { order: unknown[] }) => fill(data.order, 16_385)]
  ])(
    'of the kind %s is refused where its numbers are of what is not there, or there are too many',
    async (kind, change) => {
      const [figure] = sessionFigures(kept)
      const contents = await Promise.all(figure!.panels.map(({ content }) => panelContent(content)))
      const parts = contents.flatMap(({ drawing }) => drawing.parts)
      const part = structuredClone(parts.find(own => own.kind === kind)!)
      change(part.data as never)
      expect(() => drawingOf({ parts: [part], names: [] })).toThrow(
        `The data of a figure of the kind “${kind}” are not`
      )
    }
  )

  it('opens for ever: every kind is read and drawn as it was kept', async () => {
    const [figure] = sessionFigures(kept)
    const contents = await Promise.all(figure!.panels.map(({ content }) => panelContent(content)))
    const drawn = contents.flatMap(({ drawing }) => drawing.parts.map(({ kind }) => kind))
    expect(new Set(drawn).size).toBe(15)
    const panels = figure!.panels.map((panel, i) => ({
      ...panel,
      title: panel.title!,
      drawing: drawingOf(contents[i]!.drawing)
    }))
    const page = drawnPanels(figure!, panels, plainWish)
    expect(page.faults.filter(fault => !fault.includes('letters'))).toEqual([
      expect.stringMatching(/^\d+ mm high, over the 247 mm/),
      'Panel (o): 3 points without a name, which would lie over others: give it more width'
    ])
    const svg = figureSvg(page)
    for (const { title } of panels) expect(svg).toContain(title.slice(0, 12))
    // As narrow as a page of six columns has them.
    const narrow = { ...figure!, preset: 'icml', widthMm: 60, columns: 6 } as const
    const least = panels.map(panel => ({ ...panel, columns: 0.1 }))
    expect(drawnPanels(narrow, panels).widthMm).toBeCloseTo(60, 6)
    expect(() => figureSvg(drawnPanels(narrow, least))).not.toThrow()
    for (const { numbers, from } of contents) {
      expect(numbers).not.toBeNull()
      expect(from?.of.model).toBe('shakespeare-char')
    }
  })
})
