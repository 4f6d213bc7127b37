import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datasetNpz } from '#common/data/dataset-npz.ts'
import { captionDraft } from '#common/figure/caption.ts'
import { drawingOf } from '#common/figure/drawing-of.ts'
import { drawnCells } from '#common/figure/notebook/drawn-cells.ts'
import { besideParts, plotOf } from '#common/figure/notebook/kind-plots.ts'
import { figureNotebook } from '#common/figure/notebook/notebook.ts'
import { plainWish } from '#common/figure/presets.ts'
import { figureViewNamed, figureViews } from '#common/figure/views/registry.ts'
import { withoutIsolates } from '#common/text/token-text.ts'
import { numpyValue, type NumpyArray } from '../../../common/figure/notebook/numpy-expression.ts'
import { figureCases, figureSources, type FigureSources } from './figure-cases.ts'

let sources: FigureSources
beforeAll(async () => {
  sources = await figureSources()
})
afterAll(() => sources.close())

/** Numbers of a variable in the file that is exchanged, as NumPy reads them. */
function npzReader(npz: Uint8Array): (name: string) => NumpyArray {
  const files = unzipSync(npz)
  return name => {
    const bytes = files[`${name}.npy`]!
    const length = bytes[8]! + 256 * bytes[9]!
    const header = strFromU8(bytes.subarray(10, 10 + length))
    const shape = [.../\(([\d, ]*)\)/.exec(header)![1]!.matchAll(/\d+/g)].map(Number)
    const body = bytes.slice(10 + length).buffer
    const Kind = { '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array }
    return { shape, values: [...new Kind[/<\w\d/.exec(header)![0] as '<f4'](body)] }
  }
}

/** What a notebook keeps of a figure beside the data, as JSON has it. */
function keptIn(said: string, name: string): readonly (number | readonly [number, number])[] {
  const from = said.indexOf(`"${name}": `) + name.length + 4
  let depth = 0
  const end = [...said.slice(from)].findIndex(sign => (depth += sign === '[' ? 1 : sign === ']' ? -1 : 0) === 0) // prettier-ignore
  const list = said.slice(from, from + end + 1).replaceAll('nan', 'null')
  const all = JSON.parse(list) as (number | null | [number, number])[]
  return all.map(value => value ?? NaN)
}

describe('a caption', () => {
  it('says of every figure what its colours, axes or bars stand for', async () => {
    const drafts = new Map<string, string>()
    for (const [name, params] of figureCases) {
      const made = await figureViewNamed(name).make(sources.of(name), params)
      const shows = made.shows()
      expect(shows, name).toMatch(
        /^(Colour|Bars|Lines|Boxes|Up|Across|Joined at|Distances on the plane): \S/
      )
      const draft = captionDraft(made.from, shows)
      expect(draft).toContain(`. ${withoutIsolates(shows)}. `)
      // Those of unlike choices are unlike.
      expect(drafts.get(draft), draft).toBeUndefined()
      drafts.set(draft, name)
      // A kept one says the same.
      expect(drawingOf(made.kept()!).shows()).toBe(shows)
      expect(made.draw(plainWish).shows).toBe(shows)
    }
    const all = [...drafts.keys()].join('\n')
    for (const chosen of chosenWords) expect(all).toContain(chosen)
  })
})
/** What was chosen in some of the cases, as it is called. */
const chosenWords = [
  'Colour: self, above uniform, as √w, from −',
  'Colour: probability of the top token, as √w, from 0 to 1.00.',
  'Colour: rank of the next token, counted from 0.',
  '; attention to 3 be,',
  'Colour: K composition with 1.0, from 0 to ',
  'Head 3.0, scored over 3 windows',
  'Bars: tokens by kind.'
]

describe('a notebook', () => {
  it.each(figureCases)(
    'of %s %j draws the numbers of its figure, from its data',
    async (name, params) => {
      const view = figureViewNamed(name)
      const made = await view.make(sources.of(name), params)
      const [drawing, data] = [made.kept()!, made.dataset()]
      // What a session keeps of it is drawn again.
      expect(() => drawingOf(drawing)).not.toThrow()
      const { code, said, own } = drawnCells(drawing, data)
      // All that is drawn is in what *Data* gives.
      expect(own).toEqual([])
      const parts = drawing.parts.flatMap(part =>
        besideParts(part, '').map(({ part }) => plotOf(part))
      )
      const wanted = parts.flatMap(({ numbers }) => Object.entries(numbers))
      const lines = [...code.matchAll(/^(\w+) = (?!plt|fig)(.*)$/gm)]
      expect(lines).toHaveLength(wanted.length)
      const names = {
        data: npzReader(datasetNpz(data)),
        figure: (own: string) => keptIn(said, own)
      }
      lines.forEach(([, variable, text], i) => {
        const [array, { values, shape }] = wanted[i]!
        expect(variable).toMatch(new RegExp(`^([a-z]_)?${array}$`))
        const drawn = numpyValue(text!, parts.length === 1 ? names : { ...names, figure: () => [] })
        expect(drawn.shape).toEqual(shape)
        const most = Math.max(...Array.from(values, value => Math.abs(value) || 0))
        Array.from(values).forEach((value, at) => {
          if (Number.isFinite(value))
            expect(Math.abs(drawn.values[at]! - value)).toBeLessThanOrEqual(3e-6 * most)
          else expect(drawn.values[at]).toBe(value)
        })
      })
    }
  )

  it('draws every figure that has a name', () => {
    const known = new Set(figureCases.map(([name]) => name))
    const left = figureViews.map(({ name }) => name).filter(name => !known.has(name))
    // Of several checkpoints: lines, as the others.
    expect(left).toEqual(['checkpoints', 'timeline'])
  })

  it('holds what draws it', async () => {
    const made = await figureViewNamed('attention').make(sources.of('attention'), {
      layer: 1,
      head: 3
    })
    const from = { ...made.from, again: { view: 'attention', params: { layer: 1, head: 3 } } }
    const text = figureNotebook(made.kept(), [made.dataset()], { title: 'a', from })
    const { cells } = JSON.parse(text) as { cells: { id: string; source: string }[] }
    expect(cells.map(({ id }) => id)).toEqual(
      ['about', 'start', 'numbers', 'read', 'figure', 'forms', 'taken', 'drawn', 'check', 'torch'] // prettier-ignore
    )
    expect(cells[5]!.source).toContain('def draw_map(')
    expect(cells[7]!.source).toContain('draw_map(parts[0], FIGURE[0], values=values)')
  })
})
