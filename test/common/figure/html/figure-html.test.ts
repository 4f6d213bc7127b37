import { expect, it } from 'vitest'
import { figureHtml } from '#common/figure/html/figure-html.ts'

const page = { title: 't', svg: '<svg></svg>', spots: '{}', lines: [] }

it('a page has the caption of its figure under it, as text', () => {
  expect(figureHtml({ ...page, caption: 'ראש 0.1 <b> of "m"' })).toContain(
    '<svg></svg>\n<figcaption dir="auto">ראש 0.1 &#60;b&#62; of &#34;m&#34;</figcaption>\n</figure>'
  )
})

it('a page of a figure without one has none', () => {
  expect(figureHtml(page)).not.toContain('<figcaption')
})
