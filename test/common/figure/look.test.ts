import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { darkScreen, lightScreen, type LookPreset } from '#common/figure/look.ts'

const css = readFileSync(
  join(import.meta.dirname, '../../../src/renderer/src/styles/tokens.css'),
  'utf8'
)

/** The tokens of the window's style sheet, of one theme. */
function tokens(theme: string): Map<string, string> {
  const [, block = ''] = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)!
  return new Map(
    [...block.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name!, value!])
  )
}

const named: readonly [keyof LookPreset, string][] = [
  ['ink', 'text'],
  ['faint', 'text-muted'],
  ['accent', 'accent-text'],
  ['pill', 'surface-selected'],
  ['line', 'border-strong'],
  ['paper', 'surface'],
  ['empty', 'map-empty']
]

describe('the looks of the screen', () => {
  it.each([
    ['light', lightScreen],
    ['dark', darkScreen]
  ] as const)('are those of the window, %s', (theme, look) => {
    const own = tokens(theme)
    for (const [part, token] of named) expect(look[part], part).toBe(own.get(token))
    expect(look.series).toEqual([1, 2, 3, 4, 5, 6, 7].map(i => own.get(`share-${i}`)))
  })

  it('have the window’s fonts', () => {
    const fonts = [...css.matchAll(/--font-(?:sans|mono):\s*([^;]+);/g)].map(([, font]) =>
      font!.replaceAll(/\s+/g, ' ')
    )
    expect([lightScreen.sans, lightScreen.mono]).toEqual(fonts)
  })
})
