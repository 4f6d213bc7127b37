import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { expect, it } from 'vitest'
import { heading, paragraph, type Block } from '#common/report/report-document.ts'
import { reportHtml, type PrintedFigure } from '#common/report/report-html.ts'
import { sharedChromium } from '../contract/chromium.ts'

/** What the page of a report says as it is printed, page by page. */
async function printed(blocks: readonly Block[], figure: PrintedFigure): Promise<string[]> {
  const report = { title: 'Heads', subtitle: 'A session', blocks: [...blocks] }
  const html = await reportHtml(report, [figure], () => Promise.resolve(''))
  const page = await (await sharedChromium()).newPage()
  await page.setContent(html)
  const data = new Uint8Array(await page.pdf({ preferCSSPageSize: true }))
  await page.close()
  const pdf = await getDocument({ data, verbosity: 0 }).promise
  const pages: string[] = []
  for (let i = 1; i <= pdf.numPages; i++) {
    const { items } = await (await pdf.getPage(i)).getTextContent()
    pages.push(items.flatMap(item => ('str' in item && item.str.trim()) || []).join(' '))
  }
  return pages
}

it('prints a figure whole, on one page with its headings and the beginning of its caption', async () => {
  const before = paragraph(Array.from({ length: 9 }, () => 'line').join('\n'))
  const headings = [heading(1, 'Figures'), heading(2, 'Below')]
  for (const height of [100, 200, 230, 300]) {
    const svg = `<svg width="140" height="${height}" viewBox="0 0 140 ${height}"><text y="10" font-size="8">top</text><text y="${height - 2}" font-size="8">foot</text></svg>`
    const caption = [{ text: 'caption '.repeat(60) }]
    const figure: Block = { kind: 'figure', figure: 0, caption, lines: [] }
    const size = { widthMm: 140, heightMm: height }
    const pages = await printed([before, ...headings, figure], { svg, ...size })
    const own = pages.find(page => page.includes('top'))
    expect(own, String(height)).toMatch(/Figures Below top foot (caption ){10}/)
    const smaller = /printed at (\d+) % of its size/.exec(pages.join(' '))?.[1] ?? '100'
    expect(smaller).toBe(String(Math.min(100, Math.floor(21_000 / height))))
  }
})
