import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { drawing } from '#common/figure/drawing.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { packedContent } from '#common/figure/panels/panel-content.ts'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'
import { Json } from '#common/model/json.ts'
import { sessionWork } from '../../../../src/main/session/work.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { startWorkbench } from '../../../golden/workbench.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-session-figure-'))
const file = join(folder, 'paper.lamella')
let workbench: Workbench
let commands: CommandLine
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  await writeSession([await figureOfBars('Bars'), { kind: 'of another version' }])
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}

const plain = { data: Float64Array.of(3), unit: '', about: '' }

/** Two panels of bars, of a model that is nowhere. */
async function figureOfBars(name: string, left: string[] = []): Promise<SessionFigure> {
  const content = await packedContent({
    title: 'gone · parameters',
    drawing: drawing(
      barChart,
      { title: null, bars: [{ label: 'Embedding', value: 3, notes: [], color: 0 }] },
      look
    ).kept()!,
    left,
    numbers: dataset({ part: axis(['Embedding']) }, { parameters: { ...plain, axes: ['part'] } }),
    from: {
      version: '0.0.9',
      of: {
        ...{ model: 'gone', fingerprint: 'abc', input: null, edits: [], provider: 'none' },
        place: 'Parameters'
      },
      ...{ less: null, precision: 'float32' },
      again: { view: 'parameters', params: {} }
    },
    made: { view: 'overview', context: { on: 'A', with: null }, note: '' }
  })
  const panel = { title: 'All of it', columns: 1, caption: '', content }
  return {
    ...{ kind: 'panels', id: 'f', name, at: 0, version: '0.0.9', preset: 'icml' },
    ...{ widthMm: 171.45, points: null, font: 'sans', background: 'paper', columns: 2 },
    ...{ lettering: '(a)', oneScale: false },
    panels: [
      { ...panel, id: 'p' },
      { ...panel, id: 'q' }
    ]
  }
}

async function writeSession(figures: readonly unknown[]): Promise<void> {
  const to = sessionWork()
  await to.begin({ path: file })
  const content = {
    ...{ window: {}, library: [], runs: [], notes: [], findings: [] },
    figures: figures.map(figure => Json.parse(figure))
  }
  await to.finish({ content, saved: { at: 0, version: '0.0.9', keep: 'recompute' } })
}

const lamella = (...words: readonly string[]) => commands.run(...words)

describe('figure of a session', () => {
  it('is drawn without its model, in its own width, and says where it is from', async () => {
    const path = join(folder, 'bars.svg')
    const told = await lamella('figure', file, '--figure', 'Bars', '--out', path)
    expect(told).toMatchObject({ status: 0, error: '' })
    expect(told.out).toMatch(/: Bars, 171\.45 × [\d.]+ mm, letters 8\.0 pt\n$/)
    const svg = readFileSync(path, 'utf8')
    expect(svg).toContain('>(b) All of it<')
    expect(svg.match(/>Embedding</g)).toHaveLength(2)
    expect(svg).toContain(`Again: npm run --silent lamella -- figure paper.lamella --figure Bars`)
    // Reviewers are not told where the author keeps it.
    expect(svg).not.toContain(folder)
    expect(svg).toContain('Model: gone, files abc')
  })

  it('has the ground of its page, unless another is asked for', async () => {
    const clear = { ...(await figureOfBars('Bars')), background: 'none' }
    await writeSession([clear])
    const written = async (...words: readonly string[]) => {
      const path = join(folder, 'ground.svg')
      await lamella('figure', file, '--figure', 'Bars', ...words, '--out', path)
      return readFileSync(path, 'utf8')
    }
    const ground = /<rect width="648" height="[\d.]+" x="0" y="0" fill="#ffffff">/
    const own = await written()
    expect(own).not.toMatch(ground)
    expect(own).not.toContain('--background')
    const paper = await written('--background', 'paper')
    expect(paper).toMatch(ground)
    // The command in the file draws it again.
    expect(paper).toContain('--background paper')
    await writeSession([await figureOfBars('Bars'), { kind: 'of another version' }])
    expect(await written()).toMatch(ground)
  })

  it('is as large as another preset asks', async () => {
    const path = join(folder, 'bars.png')
    const words = ['--preset', 'neurips', '--dpi', '254', '--out', path]
    expect(await lamella('figure', file, '--figure', 'Bars', ...words)).toMatchObject({ status: 0 })
    // 139.7 mm at ten dots a millimetre.
    expect(decode(readFileSync(path)).width).toBe(1397)
  })

  it('is TeX where all of its panels are', async () => {
    const path = join(folder, 'bars.tex')
    const told = await lamella('figure', file, '--figure', 'Bars', '--out', path)
    expect(told).toMatchObject({ status: 0, error: '' })
    expect(readFileSync(path, 'utf8').match(/\\begin\{axis\}/g)).toHaveLength(2)
  })

  it('is a notebook that draws its panels again from its numbers', async () => {
    const path = join(folder, 'bars.ipynb')
    const told = await lamella('figure', file, '--figure', 'Bars', '--out', path)
    expect(told).toMatchObject({ status: 0, error: '', out: `${path}: Bars\n` })
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
      cells: { id: string; source: string }[]
    }
    const source = (id: string) => cells.find(cell => cell.id === id)!.source
    expect(source('about')).toContain('-- figure paper.lamella --figure Bars')
    expect(source('drawn')).toContain('data["a.parameters"]')
    expect(source('drawn').match(/draw_bars\(parts/g)).toHaveLength(2)
    for (const [i, letter] of ['a', 'b'].entries()) {
      expect(source(`check-${i + 1}`)).toMatch(/^\*\*.*\*\* The same by PyTorch, of the weights/)
      expect(source(`torch-${i + 1}`)).toMatch(`data = numbers_of_panel("${letter}")\n`)
    }
  })

  it('has its numbers, with the command that gives them again', async () => {
    const path = join(folder, 'bars.json')
    const told = await lamella('figure', file, '--figure', 'Bars', '--out', path)
    expect(told).toMatchObject({ status: 0, error: '', out: `${path}: 2 variables\n` })
    const { variables, attributes } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly variables: object
      readonly attributes: { readonly from: readonly string[] }
    }
    expect(Object.keys(variables)).toEqual(['a.parameters', 'b.parameters'])
    const again = 'Again: npm run --silent lamella -- figure'
    expect(attributes.from.filter(line => line.startsWith('Again'))).toEqual([
      `${again} paper.lamella --figure Bars --out numbers.json`,
      `${again} gone --view parameters --out numbers.json`,
      `${again} gone --view parameters --out numbers.json`
    ])
  })

  it('says in the file and beside it which numbers its panels do not keep', async () => {
    await writeSession([await figureOfBars('Bars', ['gradient'])])
    const path = join(folder, 'some.json')
    const told = await lamella('figure', file, '--figure', 'Bars', '--out', path)
    await writeSession([await figureOfBars('Bars'), { kind: 'of another version' }])
    expect(told.error).toMatch(
      /^Without gradient of panel \(a\), gradient of panel \(b\): a panel keeps what it is drawn of/
    )
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      attributes: { without: ['gradient of panel (a)', 'gradient of panel (b)'] }
    })
  })

  it('is refused by a name that there is not, with those that there are', async () => {
    const none = await lamella('figure', file, '--figure', 'Lines', '--out', join(folder, 'x.svg'))
    expect(none.status).toBe(1)
    expect(none.error).toContain('no figure is called “Lines” there; there are “Bars”')
    const both = ['--view', 'attention', '--figure', 'Bars', '--out', join(folder, 'x.svg')]
    expect((await lamella('figure', file, ...both)).status).toBe(2)
    const neither = await lamella('figure', file, '--out', join(folder, 'x.svg'))
    expect(neither.error).toContain('--view of a model, or --figure of a session')
  })

  it('does not take the place of its session', async () => {
    const told = await lamella('figure', file, '--figure', 'Bars', '--out', file)
    expect(told.status).toBe(1)
  })

  it('is named where a session tells what is in it', async () => {
    expect((await lamella('session', file)).out).toMatch(/^figures {3}2 “Bars”$/m)
  })

  it('is named in one line where its session is told of', async () => {
    await writeSession([await figureOfBars('a\nvalues    0')])
    const { out } = await lamella('session', file)
    expect(out).toContain('figures   1 “a⟨0A⟩values    0”\n')
  })
})
