import { expect, it } from 'vitest'
import { heading, mono, paragraph, table, type Block } from '#common/report/report-document.ts'
import { reportHtml } from '#common/report/report-html.ts'
import { isolated } from '#common/text/token-text.ts'

it('a caption’s signs that replacing gives a meaning are said of its figure as they are', async () => {
  const caption = [{ text: "$& $' $` $$" }]
  const blocks: Block[] = [{ kind: 'figure', figure: 0, caption, lines: [] }]
  const svg = '<svg width="10" height="10"><g/></svg>'
  const page = await reportHtml(
    { title: '', subtitle: '', blocks },
    [{ svg, widthMm: 10, heightMm: 10 }],
    () => Promise.resolve('')
  )
  expect(page).toContain('aria-label="$&#38; $&#39; $` $$"')
  expect(page.match(/<svg/g)).toHaveLength(1)
})

it.each([
  [174, 210, null],
  [174, 420, 50],
  [348, 210, 50],
  [87, 300, 70],
  [174.5, 210, null],
  [176, 210, 98]
])(
  'a figure of %d × %d mm says on paper that it is smaller: %j %%',
  async (widthMm, heightMm, share) => {
    const svg = '<svg width="10" height="10"><g/></svg>'
    const blocks: Block[] = [{ kind: 'figure', figure: 0, caption: [{ text: 'a' }], lines: [] }]
    const page = await reportHtml(
      { title: '', subtitle: '', blocks },
      [{ svg, widthMm, heightMm }],
      () => Promise.resolve('')
    )
    const said = /<p class="smaller">(.*?)<\/p>/.exec(page)?.[1] ?? null
    const text = `Larger than its page has room for: printed at ${share} % of its size.`
    expect(said).toBe(share === null ? null : text)
  }
)

it('lists, quotes and tables begin at the side where their letters do', async () => {
  const of = (text: string): Block[] => {
    const said = paragraph(text)
    return [
      { kind: 'list', start: null, items: [[said]] },
      { kind: 'list', start: 2, items: [[said]] },
      { kind: 'quote', blocks: [said] },
      table([{ name: text }], [[text]])
    ]
  }
  const page = (text: string) =>
    reportHtml({ title: '', subtitle: '', blocks: of(text) }, [], () => Promise.resolve(''))
  const hebrew = await page('„שלום“ said')
  expect(hebrew.match(/<li dir="rtl">/g)).toHaveLength(2)
  expect(hebrew).toContain('<blockquote dir="rtl">')
  expect(hebrew).toContain('<table dir="rtl">')
  expect(await page('said “שלום”')).not.toContain('dir="rtl"')
})

it('has the mark of each item at the side where that begins', async () => {
  const items = ['said', 'נאמר', 'said again'].map(text => [paragraph(text)])
  const blocks: Block[] = [{ kind: 'list', start: null, items }]
  const page = await reportHtml({ title: '', subtitle: '', blocks }, [], () => Promise.resolve(''))
  const [, list] = /<main>[^]*?<ul>(<li dir[^]*?)<\/ul>/.exec(page)!
  expect([...list!.matchAll(/<li dir="(\w+)">/g)].map(([, dir]) => dir)).toEqual([
    ...['ltr', 'rtl', 'ltr']
  ])
  // The room of a mark goes with its item.
  expect(page).toContain('li { margin-inline-start: 1.5rem }')
  expect(page).toContain('ul, ol { margin: .5rem 0; padding: 0 }')
})

it('isolates names that run from right to left, and is directed by none of them', async () => {
  const name = isolated('שלום & עולם')
  const blocks: Block[] = [
    heading(2, name),
    paragraph(`${name}, files`),
    table([{ name: 'by' }], [[`${name}, cpu`]]),
    { kind: 'figure', figure: 0, caption: [{ text: `Of ${name}.` }], lines: [[mono('--x א')]] },
    // What a note says is closed where it ends.
    paragraph('\u2069a\u2068b')
  ]
  const page = await reportHtml({ title: 'מאמר', subtitle: '', blocks }, ['none'], () =>
    Promise.resolve('')
  )
  const told = '<bdi>שלום &#38; עולם</bdi>'
  expect(page).toContain('<h1 dir="auto"><bdi>מאמר</bdi></h1>')
  for (const own of [
    `>${told}</h3>`,
    `<p dir="auto">${told}, files</p>`,
    `>${told}, cpu</td>`,
    `>Of ${told}.`
  ])
    expect(page).toContain(own)
  expect(page).toContain('<p dir="auto">a<bdi>b</bdi></p>')
  expect(page).not.toMatch(/[\u2066-\u2069]/)
  expect(page).toContain('code { direction: ltr; unicode-bidi: isolate }')
})
