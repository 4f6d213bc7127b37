import { expect, it } from 'vitest'
import type { Block } from '#common/report/report-document.ts'
import { reportHtml } from '#common/report/report-html.ts'

it('a caption’s signs that replacing gives a meaning are said of its figure as they are', async () => {
  const caption = [{ text: "$& $' $` $$" }]
  const blocks: Block[] = [{ kind: 'figure', figure: 0, caption, lines: [] }]
  const svg = '<svg width="10" height="10"><g/></svg>'
  const page = await reportHtml({ title: '', subtitle: '', blocks }, [{ svg, widthMm: 10 }], () =>
    Promise.resolve('')
  )
  expect(page).toContain('aria-label="$&#38; $&#39; $` $$"')
  expect(page.match(/<svg/g)).toHaveLength(1)
})
