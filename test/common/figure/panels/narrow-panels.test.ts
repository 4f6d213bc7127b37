import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { drawingOf } from '#common/figure/drawing-of.ts'
import type { Panel } from '#common/figure/figure-kind.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { drawnPanels, type PanelsLayout } from '#common/figure/panels/drawn-panels.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { plainWish, presetWish } from '#common/figure/presets.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'
import { textWidth } from '#common/figure/text-width.ts'
import type { Mark } from '#common/figure/mark.ts'

const kept = readFileSync(join(import.meta.dirname, 'kept-figure.json'), 'utf8')
const [figure] = sessionFigures(JSON.parse(kept) as unknown[])
const contents = await Promise.all(figure!.panels.map(({ content }) => panelContent(content)))
const drawings = contents.map(({ drawing }) => ({
  kind: drawing.parts.map(({ kind }) => kind).join(' '),
  drawing: drawingOf(drawing)
}))

interface Words {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly bottom: number
}
interface ChartText {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly style: { readonly text: string; readonly font: string }
}

/** What is written in a panel, and where. */
function wordsOf(panel: Panel): Words[] {
  if (panel.kind === 'map') return panel.marks.flatMap(markWords)
  if (panel.kind === 'row') return panel.parts.flatMap(part => wordsOf(part.panel))
  const { graphic = [] } = panel.option as { readonly graphic?: readonly ChartText[] }
  return graphic.flatMap(({ type, x, y, style }) => {
    if (type !== 'text') return []
    const size = Number(/([\d.]+)px/.exec(style.font)![1])
    const right = x + textWidth(style.text, { font: style.font, size })
    return [{ text: style.text, left: x, right, bottom: y + size / 2 }]
  })
}

function markWords(mark: Mark): Words[] {
  if (mark.kind !== 'text') return []
  const { text, x, y, size, room, align, upright } = mark
  const wide = Math.min(room ?? Infinity, textWidth(text, mark))
  const before = { left: 0, center: wide / 2, right: wide }[align]
  return upright
    ? [{ text, left: x - size / 2, right: x + size / 2, bottom: y + before }]
    : [{ text, left: x - before, right: x - before + wide, bottom: y + size / 2 }]
}

it.each([
  ['neurips', 139.7 / 3 - 3],
  ['acl', 77],
  ['nature', 89 / 2 - 2],
  ['nature', 89]
] as const)('nothing of a panel lies beyond it: %s, %d mm', (preset, widthMm) => {
  const beyond = drawings.flatMap(({ kind, drawing }) => {
    const { panel } = drawing.draw({ ...presetWish(preset, plainWish), widthMm })
    // A pixel or two, for widths of letters are estimated.
    return wordsOf(panel)
      .filter(
        ({ left, right, bottom }) =>
          left < -2 || right > panel.width + 2 || bottom > panel.height + 2
      )
      .map(({ text }) => `${kind}: ${text}`)
  })
  expect(beyond).toEqual([])
})

it('a chart that needs more room than there is is made smaller, in SVG and in TeX, and says so', () => {
  const { drawing } = drawings.find(({ kind }) => kind === 'head-scatter')!
  const layout: PanelsLayout = {
    ...{ preset: 'neurips', widthMm: 139.7, points: null, font: 'sans', background: 'paper' },
    ...{ columns: 3, lettering: '(a)' }
  }
  const panels = [1, 2, 3].map(() => ({ title: '', columns: 1, drawing }))
  const page = drawnPanels(layout, panels)
  const [, points] = /\(a\): Its letters are ([\d.]+) pt, not 9 pt/.exec(page.faults.join('\n'))!
  const [, scale] = /<g transform="translate\([^)]*\) scale\(([\d.]+)\)">/.exec(figureSvg(page))!
  expect(Number(scale)).toBeLessThan(1)
  expect(9 * Number(scale)).toBeCloseTo(Number(points), 1)
  const sizes = [...figureTex(page, '', []).matchAll(/\\fontsize\{([\d.]+)\}/g)].map(([, own]) =>
    Number(own)
  )
  expect(Math.min(...sizes)).toBeCloseTo(Number(points), 1)
})
