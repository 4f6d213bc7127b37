import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, it } from 'vitest'
import { heading, mono, paragraph, table, type Block } from '#common/report/report-document.ts'
import { isolated } from '#common/text/token-text.ts'
import { figureFaces } from '../../../src/main/figure/fonts.ts'
import { page } from '../../../src/main/figure/page-flow.ts'
import type { PdfFigure } from '../../../src/main/figure/report-blocks.ts'
import { reportPdf } from '../../../src/main/figure/report-pdf.ts'
import { styles } from '../../../src/main/figure/report-styles.ts'
import { svgDocument } from '../../../src/main/figure/svg-document.ts'

const faces = await figureFaces()

interface Letters {
  readonly text: string
  readonly x: number
  readonly right: number
  /** From the top of the page. */
  readonly y: number
}

/** What a report says, page by page, each text where it stands. */
async function written(blocks: readonly Block[], figures: readonly PdfFigure[] = []) {
  const report = { title: 'Heads', subtitle: 'A session', blocks: [...blocks] }
  const { bytes, without } = await reportPdf(report, figures, faces, { title: 'Heads', lines: [] })
  const pdf = await getDocument({ data: bytes.slice(), verbosity: 0 }).promise
  const pages: Letters[][] = []
  for (let i = 1; i <= pdf.numPages; i++) {
    const { items } = await (await pdf.getPage(i)).getTextContent()
    pages.push(
      items.flatMap(item => {
        if (!('str' in item) || item.str.trim() === '') return []
        const [, , , , x, y] = item.transform as number[]
        return [{ text: item.str, x: x!, right: x! + item.width, y: page.height - y! }]
      })
    )
  }
  const outline = (await pdf.getOutline()) as { title: string }[] | null
  return { pages, outline, without, raw: Buffer.from(bytes).toString('latin1') }
}

interface Node {
  readonly role?: string
  readonly alt?: string
  readonly type?: string
  readonly id?: string
  readonly children?: readonly Node[]
}

/** What is read out of each page: the tags of the document, each with its letters. */
async function tags(blocks: readonly Block[], figures: readonly PdfFigure[]): Promise<string[][]> {
  const report = { title: 'Heads', subtitle: 'A session', blocks: [...blocks] }
  const { bytes } = await reportPdf(report, figures, faces, { title: 'Heads', lines: [] })
  const pdf = await getDocument({ data: bytes, verbosity: 0 }).promise
  const pages: string[][] = []
  for (let i = 1; i <= pdf.numPages; i++) {
    const page = await pdf.getPage(i)
    const letters = new Map<string, string>()
    let open: string | null = null
    const { items } = await page.getTextContent({ includeMarkedContent: true })
    for (const item of items)
      if ('str' in item) {
        if (open !== null) letters.set(open, (letters.get(open) ?? '') + item.str)
      } else if (item.type === 'beginMarkedContentProps') open = item.id
      else open = null
    const said = ({ role, alt, type, id, children = [] }: Node): string => {
      if (type === 'content') return letters.get(id!)?.trim() ?? ''
      if (type !== undefined) return ''
      const inside = children
        .map(child => (child.role === undefined ? said(child) : `[${said(child)}]`))
        .join('')
      return `${role}${alt === undefined ? '' : ` (${alt})`}: ${inside}`
    }
    const tree = (await page.getStructTree()) as Node | null
    pages.push(tree?.children?.[0]?.children?.map(said) ?? [])
  }
  return pages
}

const words = (pages: readonly (readonly Letters[])[]) =>
  pages.map(own => own.map(({ text }) => text).join(' '))
const long = 'An attention head moves what it reads from one place of a text to another. '

/** Nothing is outside of the page's text but what is below it. */
function expectWithin(pages: readonly (readonly Letters[])[]): void {
  for (const { x, right, y, text } of pages.flat()) {
    expect(x, text).toBeGreaterThanOrEqual(styles.left - 0.1)
    expect(right, text).toBeLessThanOrEqual(page.width - styles.left + 0.5)
    expect(y, text).toBeLessThan(page.height - 30)
  }
}

describe('a report as PDF', () => {
  it('is text in fonts that it brings, on numbered pages, with its sections as an outline', async () => {
    const blocks = [heading(1, 'Notes'), paragraph(long.repeat(150)), heading(1, 'ברכה')]
    const { pages, outline, raw } = await written(blocks)
    expect(pages.length).toBe(3)
    expect(words(pages)[1]).toContain('2 / 3')
    expectWithin(pages)
    expect(outline!.map(({ title }) => title)).toEqual(['Notes', 'ברכה'])
    const fonts = [...raw.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name!)
    expect(fonts.length).toBeGreaterThan(2)
    expect(fonts.every(name => /^[A-Z]{6}\+/.test(name))).toBe(true)
    expect(raw).not.toMatch(/\/Type3|Helvetica/)
  })

  it('is tagged: headings, lists, tables with headers, links and figures, in the order in which they are read', async () => {
    const svg = svgDocument(
      '<svg width="100" height="50" viewBox="0 0 100 50"><text style="font: 10px Inter">0.5</text></svg>'
    )
    const rows = Array.from({ length: 60 }, (_, i) => [`1.${i}`, 'שלום עולם'])
    const link = { text: 'the paper', url: 'https://example.org/' }
    const trees = await tags(
      [
        heading(1, 'Notes'),
        paragraph('See ', link, ' and more.'),
        { kind: 'list', start: 1, items: [[paragraph('first')]] },
        { kind: 'quote', blocks: [paragraph('said')] },
        { kind: 'verbatim', text: 'scores[1]', isCode: true },
        { kind: 'figure', figure: 0, caption: [{ text: 'Figure 1. Heads.' }], lines: [] },
        { kind: 'facts', rows: [{ name: 'Group', spans: [{ text: 'A' }] }] },
        table([{ name: 'head' }, { name: 'text' }], rows)
      ],
      [{ svg, widthMm: 60 }]
    )
    const [first, second] = trees
    expect(first!.slice(0, 10)).toEqual([
      ...['H1: Heads', 'P: A session', 'H2: Notes', 'P: See[Link: the paper]and more.'],
      ...['L: [LI: [Lbl: 1.][LBody: [P: first]]]', 'BlockQuote: [P: said]'],
      ...['P: [Code: scores[1]]', 'Figure (Figure 1. Heads.): 0.5', 'P: Figure 1. Heads.'],
      'Table: [TR: [TH: Group][TD: A]]'
    ])
    expect(first![10]).toMatch(
      /^Table: \[TR: \[TH: head\]\[TH: text\]\]\[TR: \[TD: 1\.0\]\[TD \(שלום עולם\): /
    )
    // Names of columns that come again are not read out again, nor is what stands below a page.
    expect(second![0]).not.toContain('head')
    const read = trees.flat().join()
    for (const [name] of rows) expect(read.split(`[TD: ${name}]`)).toHaveLength(2)
    expect(read).not.toContain('1 / 2')
  })

  it('tells letters that run from right to left, and in lines, in the order in which they are read', async () => {
    const { raw } = await written([
      paragraph('שלום עולם'),
      paragraph('abc'),
      paragraph(long.repeat(3))
    ])
    expect(raw.match(/\/ActualText/g)).toHaveLength(2)
    expect(raw).toContain(`/ActualText (${long.repeat(3)})`)
    const read = Buffer.from('\ufeffשלום עולם', 'utf16le').swap16().toString('latin1')
    expect(raw.replaceAll(/\\([()\\])/g, '$1')).toContain(`/ActualText (${read})`)
  })

  it('loses no letter where lines and pages end', async () => {
    const text = Array.from({ length: 2000 }, (_, i) => `w${i}`).join(' ')
    const { pages } = await written([paragraph(text)])
    const read = words(pages)
      .join(' ')
      .match(/\bw\d+\b/g)
    expect(read).toEqual(text.split(' '))
  })

  it('breaks words that are wider than a line, and goes on in the next', async () => {
    const { pages } = await written([paragraph(`a ${'0123456789'.repeat(40)} b`)])
    expectWithin(pages)
    const read = words(pages).join('').replaceAll(' ', '')
    expect(read).toContain(`a${'0123456789'.repeat(40)}b`)
  })

  it('breaks commands between their words, and options nowhere', async () => {
    const { pages } = await written([paragraph(`a --option=value/of/it `.repeat(30))])
    const lines = new Map<number, string>()
    for (const { y, text } of pages[0]!) lines.set(y, `${lines.get(y) ?? ''}${text}`)
    expect([...lines.values()].some(line => line.includes('--option'))).toBe(true)
    for (const line of lines.values()) expect(line).not.toMatch(/-$|^option/)
  })

  it('has paragraphs in Hebrew from the right, in the order in which they are read', async () => {
    const { pages } = await written([paragraph('שלום לכולם 12'), paragraph('x שלום')])
    const [first] = pages
    const hebrew = first!.filter(({ text }) => /[א-ת]/.test(text))
    const right = hebrew.toSorted((a, b) => a.y - b.y || b.x - a.x)
    expect(right.map(({ text }) => text.trim())).toEqual(['שלום', 'לכולם', 'שלום'])
    const [shalom] = right
    expect(shalom!.right).toBeCloseTo(page.width - styles.left, 0)
    const twelve = first!.find(({ text }) => text.trim() === '12')!
    expect(twelve.y).toBe(shalom!.y)
    expect(twelve.x).toBeLessThan(right[1]!.x)
    expect(first!.find(({ text }) => text.trim() === 'x')!.x).toBeCloseTo(styles.left, 3)
  })

  it('has what it quotes in Hebrew within its own lines, in each of which that runs from right to left', async () => {
    const quoted = `${'שלום '.repeat(40)}סוף.`
    const { pages, raw } = await written([
      paragraph('x “', isolated(quoted), '” y'),
      paragraph(isolated('עולם'), ', a'),
      { kind: 'facts', rows: [{ name: 'Run', spans: [{ text: isolated('מודל') }] }] },
      paragraph(isolated('א'), ' ', mono("--text 'ב' 5"), '.')
    ])
    const own = pages[0]!
    const last = own.find(({ text }) => text.includes('סוף'))!
    const line = own.filter(({ y }) => y === last.y).toSorted((a, b) => a.x - b.x)
    // Its full stop is at its left, where the line begins, and the line's own words follow at its right.
    expect(line[0]!.text).toMatch(/^\./)
    expect(line[0]!.x).toBeCloseTo(styles.left, 0)
    expect(line.at(-1)!.text).toMatch(/y$/)
    // A line that begins with a name is the report's, and so is a value that is one.
    const placed = (word: string) => own.find(({ text }) => text.includes(word))!
    expect(placed('עולם').x).toBeCloseTo(styles.left, 0)
    expect(placed('מודל').x).toBeLessThan(styles.left + 140)
    expect(placed('--text').x).toBeGreaterThan(placed('א').x)
    expect(raw).not.toContain('\u2068')
    for (const code of ['2068', '2069', '2066'])
      expect(own.map(({ text }) => text).join()).not.toContain(code)
  })

  it('shows letters that are not seen by their numbers, and tells of those that no font has', async () => {
    const { pages, without } = await written([paragraph('a\u202Eb 中')])
    expect(words(pages)[0]!.replaceAll(' ', '')).toContain('a⟨202E⟩b')
    expect(without).toEqual(['中'])
  })

  it('cuts no row of a table, and names its columns on each page', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => [`row ${i}`, `${long} end ${i}`])
    const { pages } = await written([table([{ name: 'what' }, { name: 'says' }], rows)])
    expect(pages.length).toBeGreaterThan(2)
    expectWithin(pages)
    for (const [i, own] of words(pages).entries()) {
      expect(own, `page ${i}`).toContain('says')
      for (const [, row] of own.matchAll(/row (\d+)/g)) expect(own).toContain(`end ${row}`)
    }
  })

  it('keeps headings with what follows them, and no line of a paragraph alone', async () => {
    for (let lines = 40; lines < 50; lines++) {
      const { pages } = await written([
        paragraph(Array.from({ length: lines }, () => 'line').join('\n')),
        heading(2, 'Below'),
        paragraph('first\nsecond\nthird')
      ])
      const with_ = words(pages).filter(own => /Below|first/.test(own))
      expect(with_, String(lines)).toHaveLength(1)
      for (const own of pages) expect(own.filter(({ text }) => text === 'line').length).not.toBe(1)
    }
  })

  it('draws a figure whole, with its caption, as wide as it is printed', async () => {
    const drawn = (height: number) => ({
      svg: svgDocument(
        `<svg width="200" height="${height}" xmlns="http://www.w3.org/2000/svg"><text style="font: 10px Inter" transform="translate(0 10)">top</text><text style="font: 10px Inter" transform="translate(0 ${height})">foot</text></svg>`
      ),
      widthMm: 100
    })
    const caption = paragraph('x') as Block & { kind: 'paragraph' }
    const block: Block = { kind: 'figure', figure: 0, caption: caption.spans, lines: [] }
    const before = paragraph(Array.from({ length: 30 }, () => 'line').join('\n'))
    const { pages } = await written([before, block], [drawn(200)])
    const own = pages[1]!
    const top = own.find(({ text }) => text === 'top')!
    const foot = own.find(({ text }) => text === 'foot')!
    // 200 pixels are 100 mm: 190 of them are 95.
    expect(foot.y - top.y).toBeCloseTo((95 / 25.4) * 72, 1)
    expect(own.find(({ text }) => text === 'x')!.y).toBeGreaterThan(foot.y)
    // Headings go along, those of a section and what is in it alike.
    const headed = [before, heading(1, 'Section'), heading(2, 'Below'), block]
    const [, second] = words((await written(headed, [drawn(200)])).pages)
    expect(second).toMatch(/Section Below top foot/)
    // One that is higher than a page is made smaller.
    const high = await written([block], [drawn(1000)])
    expect(
      high.pages.filter(texts => texts.some(({ text }) => /top|foot/.test(text)))
    ).toHaveLength(1)
  })

  const cornered = (width: number, height: number) => ({
    svg: svgDocument(
      `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg"><text style="font: 10px Inter" transform="translate(0 10)">top</text><text style="font: 10px Inter" transform="translate(${width - 10} ${height})">foot</text></svg>`
    ),
    // As many millimetres as it has pixels.
    widthMm: width
  })
  const points = (mm: number) => (mm / 25.4) * 72
  /** A figure with so many lines beneath its caption. */
  const said = (figure: number, lines = 0): Block => ({
    ...{ kind: 'figure', figure, caption: [{ text: 'caption' }] },
    lines: Array.from({ length: lines }, (_, i) => [{ text: `line ${i}` }])
  })
  /** Where figures stand, and how large they are, in points. */
  const seen = ({ pages }: Awaited<ReturnType<typeof written>>) =>
    pages.flatMap((own, page) => {
      const [top, foot] = ['top', 'foot'].map(word => own.filter(({ text }) => text === word))
      return top!.map(({ x, y }, i) => ({
        ...{ page, from: x, y },
        across: foot![i]!.x - x,
        down: foot![i]!.y - y
      }))
    })

  it('leaves a high figure its size: it has a page with its caption, and what is said of it goes on on the next', async () => {
    for (const lines of [1, 12, 40]) {
      const blocks = [heading(1, 'Figures'), paragraph('All'), said(0, lines)]
      const report = await written(blocks, [cornered(140, 238)])
      expectWithin(report.pages)
      const [own] = seen(report)
      // Of 238 mm: of its letters those at the top stand 10 lower.
      expect(own!.down, String(lines)).toBeCloseTo(points(228), 1)
      expect(words(report.pages)[own!.page]).toContain('caption')
      const all = words(report.pages).join(' ')
      expect(all).not.toContain('of its size')
      for (let i = 0; i < lines; i++) expect(all).toContain(`line ${i}`)
    }
  })

  it('has the headings of a high figure on its page, for which it is made as much smaller as it has to be', async () => {
    const before = paragraph(Array.from({ length: 9 }, () => 'line').join('\n'))
    const headings = [heading(1, 'Figures'), heading(2, 'Below')]
    for (const height of [150, 200, 210, 238, 300]) {
      const report = await written([before, ...headings, said(0)], [cornered(140, height)])
      expectWithin(report.pages)
      const own = report.pages[seen(report)[0]!.page]!
      expect(words([own])[0], String(height)).toMatch(/Figures Below top foot caption/)
      const [of, top, foot] = ['Below', 'top', 'foot'].map(
        word => own.find(({ text }) => text === word)!.y
      )
      expect(top! - of!, String(height)).toBeGreaterThan(14)
      const share = (foot! - top!) / points(height - 10)
      // Of 247 mm the headings, what is around them and the caption take 35.
      if (height > 212) expect(share * height).toBeGreaterThan(210)
      else expect(share).toBeCloseTo(1, 3)
      const isTold = words(report.pages).join(' ').includes('of its size')
      expect(isTold, String(height)).toBe(share < 0.995)
    }
  })

  it('makes a figure that is larger than a page smaller, and says so', async () => {
    const report = await written([said(0, 1)], [cornered(140, 300)])
    expectWithin(report.pages)
    const [own] = seen(report)
    // Of a page's 699.89 pt its caption takes 8 and a line of 12.58; of 300 mm that leaves 239.6.
    expect(own!.down).toBeCloseTo((290 / 300) * 679.31, 1)
    expect(words(report.pages)[own!.page]).toContain('top foot caption')
    expect(words(report.pages).join(' ')).toContain(
      'Larger than its page has room for: printed at 79 % of its size. line 0'
    )
    // Of a longer caption two lines stand with it.
    const long: Block = {
      ...(said(0) as Block & { kind: 'figure' }),
      caption: [{ text: 'caption '.repeat(60) }]
    }
    const { pages } = await written([long], [cornered(140, 300)])
    const with_ = pages.find(own => own.some(({ text }) => text === 'top'))!
    const lines = new Set(with_.filter(({ text }) => text.startsWith('caption')).map(({ y }) => y))
    expect(lines.size).toBe(2)
  })

  it('has figures as wide as they are printed, and as the text where that is wider, which it says', async () => {
    const report = await written([said(0)], [cornered(183, 90)])
    const [wide] = seen(report)
    // The text has 430 pt.
    expect(wide!.across).toBeCloseTo((173 / 183) * 430, 1)
    expect(wide!.from).toBeCloseTo(styles.left, 1)
    expect(words(report.pages).join(' ')).toContain('printed at 82 % of its size.')
    // Of figures that are 181 pt high two stand on the first page, below its title.
    const four = Array.from({ length: 4 }, () => cornered(128, 64))
    const all = seen(await written(four.map((_, i) => said(i)), four)) // prettier-ignore
    expect(all.map(({ page }) => page)).toEqual([0, 0, 1, 1])
    for (const { from, across } of all) {
      expect(from).toBeCloseTo(styles.left, 1)
      expect(across).toBeCloseTo(points(118), 1)
    }
  })

  it('says where a figure cannot be drawn', async () => {
    const block: Block = { kind: 'figure', figure: 0, caption: [{ text: 'x' }], lines: [] }
    const { pages } = await written([block], ['It is damaged'])
    expect(words(pages)[0]).toContain('It is damaged')
  })
})

it('a quote stands beside its line, at the side where its letters begin', async () => {
  const of = async (text: string) => {
    const { pages } = await written([{ kind: 'quote', blocks: [paragraph(text)] }])
    const [own] = pages[0]!.filter(letters => letters.text.includes(text.slice(0, 3)))
    return own!
  }
  const end = styles.left + styles.width
  expect((await of('said')).x).toBeCloseTo(styles.left + 16, 0)
  expect((await of('נאמר')).right).toBeCloseTo(end - 16, 0)
})
