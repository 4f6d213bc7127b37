import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { figureSpots, type FigureSpots } from '#common/figure/html/figure-spots.ts'
import { plainWish } from '#common/figure/presets.ts'
import { projectRoot } from '../../../golden/workbench.ts'
import { at, exampleLook, keptOf, kindExamples } from '../kind-examples.ts'
import { pageSays } from './page-of.ts'

/** Kinds whose pages say nothing of what is pointed at, and why. */
const silent: Readonly<Record<string, string>> = {
  'model-space': 'its boxes are turned in space, and what they are is written beside them'
}

/** What a page says, place by place, where each has its middle: to look for what is pointed at takes long where they are many. */
function* saidBy(spots: FigureSpots): Generator<string> {
  const says = pageSays(spots)
  const places = [
    ...spots.grids.flatMap(({ left, top, cell, rows, columns }) =>
      Array.from({ length: rows.count * columns.count }, (_, i) => ({
        x: left + ((i % columns.count) + 0.5) * cell.width,
        y: top + (Math.floor(i / columns.count) + 0.5) * cell.height
      }))
    ),
    ...spots.boxes.map(({ left, top, width, height }) => ({
      x: left + width / 2,
      y: top + height / 2
    })),
    ...spots.points,
    ...spots.lines.flatMap(({ points: [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] }) =>
      // Where lines are told apart: many begin at one place, and cross in their middle.
      [0.1, 0.25, 0.5, 0.9].map(share => ({ x: x1 + share * (x2 - x1), y: y1 + share * (y2 - y1) }))
    )
  ]
  for (const { x, y } of places) {
    const said = says(x, y)
    if (said !== null) yield said
  }
}

describe('a page of a figure', () => {
  it.each(kindExamples)('of the kind %s says what is pointed at', async (kind, data, says) => {
    const own = { parts: [{ kind, data, look: exampleLook, size: null }], names: [] }
    const all = data === null ? await keptOf(kind) : [own]
    const pages = all.map(drawing => figureSpots(drawingOf(drawing).draw(plainWish)))
    expect(pages.some(spots => saidBy(spots).some(said => said === at(says)))).toBe(true)
  })

  it('is of a kind that says something, but for those that are named here', async () => {
    const folder = join(projectRoot, 'src/common/figure')
    const names = new Set<string>()
    for (const file of readdirSync(folder).filter(file => file.endsWith('.ts')))
      for (const own of Object.values((await import(join(folder, file))) as object) as unknown[])
        if (typeof own === 'object' && own !== null && 'panel' in own && 'natural' in own)
          names.add((own as unknown as { name: string }).name)
    const spoken = kindExamples.map(([kind]) => kind)
    expect([...names].filter(name => !spoken.includes(name)).sort()).toEqual(Object.keys(silent))
  })
})
