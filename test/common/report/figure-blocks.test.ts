import { expect, it } from 'vitest'
import type { KeptProvenance } from '#common/figure/provenance.ts'
import { figureBlocks } from '#common/report/figure-blocks.ts'
import { mostDrawnResults } from '#common/report/kept-results.ts'
import type { Span } from '#common/report/report-document.ts'
import type { ReportedFigure, ReportedSession } from '#common/report/reported-session.ts'
import { isolated } from '#common/text/token-text.ts'

const session = {
  content: { figures: [] },
  kept: { runs: [], results: [] }
} as unknown as Pick<ReportedSession, 'content' | 'kept'>

it('calls a figure by its number and its name, and one that nobody has named by its number once', () => {
  const again = { session: 's.lamella', figure: 'f' }
  const figures = ['Figure 1', 'Heads', 'Figure 1'].map((name): ReportedFigure => ({
    ...{ name, drawn: 'nothing' },
    from: { version: '1', panels: [], again }
  }))
  const blocks = figureBlocks(session, figures)
  // Nothing parts the heading of the section from its first figure.
  expect(blocks.map(({ kind }) => kind)).toEqual(['figure', 'figure', 'figure', 'paragraph'])
  expect(JSON.stringify(blocks[3])).toContain('nothing was computed for this report')
  const captions = blocks.flatMap(block =>
    block.kind === 'figure' ? [block.caption.map(({ text }) => text).join('')] : []
  )
  expect(captions).toEqual(['Figure 1. ', 'Figure 2. Heads. ', 'Figure 3. Figure 1. '])
})

it('names the analyses that it draws no figure of', () => {
  const names = ['lens', 'ablation', 'lens', ...Array<string>(mostDrawnResults).fill('saliency')]
  const results = names.map(name => ({ request: { name }, bytes: 1 }))
  const kept = { runs: [], results } as unknown as ReportedSession['kept']
  const told = (own: ReportedSession['kept']) =>
    figureBlocks({ ...session, kept: own }, []).flatMap(block =>
      block.kind === 'paragraph' ? [block.spans.map(({ text }) => text).join('')] : []
    )
  expect(told(kept)).toEqual([
    'What 3 more analyses came to (lens, ablation) is kept in the session and not drawn here.'
  ])
  expect(told({ ...kept, results: kept.results.slice(3) })).toEqual([])
})

it('says of numbers that no view draws that their command gives these, not the figure', () => {
  const of = { model: 'm', fingerprint: 'f', input: null, edits: [], provider: 'none', place: 'x' }
  const figure = (again: KeptProvenance['again']): ReportedFigure => ({
    ...{ name: 'a', drawn: 'nothing' },
    from: { version: '1', of, less: null, precision: 'float32', again }
  })
  const lines = (again: KeptProvenance['again']) =>
    figureBlocks(session, [figure(again)]).flatMap(block =>
      block.kind === 'figure' ? block.lines.flat().map(({ text }) => text) : []
    )
  const [from, ...drawn] = lines({ view: 'parameters', params: {} })
  expect(drawn).toEqual([' ', expect.stringContaining('figure m --view parameters --out')])
  expect(lines({ analysis: 'ablation', params: {} })).toEqual([
    from,
    ' Its numbers, of which no command draws a figure: ',
    expect.stringMatching(/analyse ablation m .*--out numbers\.csv$/)
  ])
})

it('isolates the name of a model in the lines of what makes a figure again, and not in the command', () => {
  const of = {
    model: 'שלום עולם',
    fingerprint: 'f',
    input: null,
    edits: [],
    provider: 'none',
    place: 'x'
  }
  const again = { view: 'parameters', params: {} }
  const from: KeptProvenance = { version: '1', of, less: null, precision: 'float32', again }
  const [block] = figureBlocks(session, [{ name: 'a', drawn: 'nothing', from }])
  const [[told, , command]] = (block as unknown as { lines: [[Span, Span, Span]] }).lines
  expect(told.text).toBe(`${isolated('שלום עולם')}, files f, Lamella 1.`)
  expect(command.text).toContain("figure 'שלום עולם' --view parameters")
})
