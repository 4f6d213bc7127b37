import { expect, it } from 'vitest'
import { svgWith } from '#common/figure/svg-with.ts'

it('an SVG says where it comes from, and markup in that is text', () => {
  const svg = '<?xml version="1.0"?><svg width="1"><g/></svg>'
  expect(svgWith(svg, ['a <b> & $&', 'c'], '@font-face{}')).toBe(
    '<?xml version="1.0"?><svg width="1"><desc>a &lt;b&gt; &amp; $&amp;\nc</desc><style>@font-face{}</style><g/></svg>'
  )
  expect(svgWith(svg, [], '')).toBe(svg)
})
