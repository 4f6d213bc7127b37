import { expect, it } from 'vitest'
import { svgFonts } from '../../../src/main/figure/svg-fonts.ts'

it('the fonts of a document let no letters run together, whatever font a text says', async () => {
  const css = await svgFonts(
    `<svg><text style="font: 400 9px 'JetBrains Mono'">&lt;|a|&gt;</text></svg>`
  )
  const [, rule = ''] = /text\{([^}]*)\}/.exec(css) ?? []
  expect(rule.split(';')).toEqual(
    expect.arrayContaining([
      'font-variant-ligatures:none!important',
      "font-feature-settings:'liga' 0,'calt' 0!important"
    ])
  )
})
