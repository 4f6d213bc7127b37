import { expect, it } from 'vitest'
import { sizedSvg, svgWith, svgWithOwnIds } from '#common/figure/svg-with.ts'

it('an SVG says where it comes from, and markup in that is text', () => {
  const svg = '<?xml version="1.0"?><svg width="1"><g/></svg>'
  expect(svgWith(svg, ['a <b> & $&', 'c'], '@font-face{}')).toBe(
    '<?xml version="1.0"?><svg width="1"><desc>a &lt;b&gt; &amp; $&amp;\nc</desc><style>@font-face{}</style><g/></svg>'
  )
  expect(svgWith(svg, [], '')).toBe(svg)
})

it('an SVG is printed in another size without being drawn anew', () => {
  const svg = sizedSvg('<svg width="560" height="54" viewBox="0 0 560 54"></svg>', 280)
  expect(svg).toBe('<svg width="280" height="27" viewBox="0 0 560 54"></svg>')
})

it('names of its own are those of what it paints with, not of what its text says', () => {
  const svg = '<svg><g id="a"/><rect fill="url(#a)"/><text>url(#a), id=&quot;a&quot;</text></svg>'
  expect(svgWithOwnIds(svg, 'f1-')).toBe(
    '<svg><g id="f1-a"/><rect fill="url(#f1-a)"/><text>url(#a), id=&quot;a&quot;</text></svg>'
  )
})
