import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allMethods } from '#common/analysis/saliency/all-methods.ts'
import { groupParams } from '#common/analysis/saliency/saliency-methods.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import { flowingBoxes } from '#common/figure/flowing-boxes.ts'
import { lightScreen, type Look } from '#common/figure/look.ts'
import { commandOf } from '#common/figure/provenance.ts'
import { writtenOf } from '#common/figure/views/flowing-run.ts'
import { shadingLook, shadingOf } from '#common/figure/views/predictions-figures.ts'
import {
  attentionGradientData,
  extentOf,
  scalarText
} from '#common/figure/views/saliency-figures.ts'
import { rangeOf } from '#common/figure/heat-map-pixels.ts'
import { Json } from '#common/model/json.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import type { ExportFormat } from '../../../../src/renderer/src/stores/exports.ts'
import { formatsBeside } from '../../../../src/renderer/src/ui/figure/formats-beside.ts'
import { predictionsFormats } from '../../../../src/renderer/src/views/predictions/predictions-formats.ts'
import {
  headFormats,
  headsFormats,
  textFormats
} from '../../../../src/renderer/src/views/saliency/saliency-formats.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { maskedWords } from '../../../e2e/masked-model.ts'
import { golden } from '../../../golden/models.ts'
import { startWorkbench } from '../../../golden/workbench.ts'
import { expectMadeAgain } from '../../../made-again.ts'

// What the window saves of a text with hidden tokens carries a command; typed, it draws the same text with the same numbers.

const text = 'the cat  sat on the mat'
const [version, mask] = ['1.2.3', 4]
const models = ['bert', 'distilbert'] as const
const place = mkdtempSync(join(tmpdir(), 'lamella-hidden-'))
const folders = Object.fromEntries(models.map(name => [name, join(place, name)]))
let workbench: Workbench
let commands: CommandLine
beforeAll(async () => {
  for (const name of models) {
    cpSync(join(golden, name), folders[name]!, { recursive: true })
    writeFileSync(join(folders[name]!, 'vocab.txt'), maskedWords)
  }
  workbench = await startWorkbench()
  commands = commandLine(workbench)
})
afterAll(async () => {
  await workbench.close()
  commands.close()
  rmSync(place, { recursive: true })
})

/** A text of a model's, and the run that reads it with some of its tokens hidden. */
interface Side {
  readonly model: ModelInfo
  readonly run: Run
  readonly read: Run
  readonly positions: number[]
  readonly masked: string | null
}

async function hiding(name: string, input: RunInput, positions: number[]) {
  const { client } = commands
  const model = await client.call('models.open', { path: folders[name]! })
  const { path, fingerprint } = model
  const start = async (input: RunInput) => {
    const source = { model: { path, fingerprint }, input, edits: [], provider: 'cpu' as const }
    const { id: runId } = await client.call('runs.start', { source })
    return client.call('runs.complete', { runId })
  }
  const run = await start(input)
  const ids = run.tokens.map(({ id }, at) => (positions.includes(at) ? mask : id))
  const pairs = positions.map(at => `${at}:${run.tokens[at]!.id}`)
  const masked = pairs.length === 0 ? null : pairs.join()
  const read = positions.length === 0 ? run : await start({ ids })
  return { model, run, read, positions, masked }
}

function analysis({ read }: Side, name: string, params: object) {
  const { input, ...of } = read.source
  const asked = { name, params: Json.parse(params), of: { ...of, corpus: { inputs: [input] } } }
  return commands.client.call('analysis.run', asked)
}

const look: Look = {
  ...lightScreen,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'mean' },
  ...{ shared: true, range: { low: 0, high: 4.25 } }
}

/** The text as it flows on the screen. */
function flowing(run: Run) {
  const { tokens, written } = writtenOf(run)
  const each = tokens.map((_, at) => at)
  return flowingBoxes(tokens, each, written, 120, false)
}

async function predictions(side: Side): Promise<ExportFormat[]> {
  const { model, run, masked } = side
  const standings = await analysis(side, 'token-probabilities', { masked })
  const { dVocab } = model.config!
  return predictionsFormats({
    ...{ shown: { ...side, tokens: writtenTokens(run), standings }, shade: 'surprisal' },
    shading: shadingOf(standings, 'surprisal', dVocab),
    look: shadingLook(look, 'surprisal', look.range, dVocab),
    ...{ modelName: model.name, own: 3, seen: flowing(run), version }
  })
}

const settings = { steps: 4, baseline: 'zero', samples: 2, noise: 0.1, seed: 3 }

async function saliency(side: Side): Promise<ExportFormat[]> {
  const { model, run, read, masked } = side
  const number = { of: 'loss', masked }
  const groups = (['gradients', 'path', 'noise', 'erasure'] as const).map(group =>
    analysis(side, 'saliency', groupParams(group, number, { ...settings, rule: 'midpoint' }))
  )
  const figured = {
    ...{ ...number, model, run, read, mirrored: false, params: {} },
    ...{ what: scalarText(number, () => undefined, model) }
  }
  const files = { modelName: model.name, version }
  const result = allMethods(await Promise.all(groups))
  const all = { ...figured, result }
  const ofText = { ...files, look: { ...look, range: { low: -4.25, high: 4.25 } } }
  const inside = await analysis(side, 'saliency', { ...number, steps: 0, occlusion: false })
  const heads = { ...figured, result: inside }
  const at = { layer: 1, head: 2 }
  const pattern = variable(await analysis(side, 'patterns', { ...at, exact: true }), 'pattern')
  const data = attentionGradientData(heads, at, Float32Array.from(pattern.data))!
  const range = rangeOf(extentOf(data.pattern), 'difference')
  return [
    ...textFormats(all, 'grad_x_input', flowing(run), ofText),
    ...headsFormats(heads, 'attention_x_gradient', { ...files, look }),
    ...headFormats(
      { figured: heads, data, at },
      { ...files, look: { ...look, shared: false, range } }
    )
  ]
}

const cases = [
  ['predictions', predictions, 3],
  ['saliency', saliency, 7]
] as const

describe.each(models)('of %s', name => {
  it.each(cases)('%s of a text with hidden tokens are made again', async (view, saved, count) => {
    const formats = await saved(await hiding(name, { text }, [2, 6]))
    expect(formats).toHaveLength(count)
    for (const format of formats) {
      await expectMadeAgain(commands, format, folders, 1e-5)
      if (format.is === 'figure')
        expect(commandOf(format.from)).toMatch(
          new RegExp(` --view ${view} .*--set masked=2:6,6:9 .*--text 'the cat`)
        )
    }
  })
})

const others: readonly (readonly [RunInput, number[]])[] = [
  [{ text }, [1]],
  [{ ids: [2, 5, 9, 7, 8, 3] }, [4, 2]],
  [{ text: 'on the mat the cat sat' }, []]
]

it.each(cases)('%s of two texts stand beside each other', async (view, saved, count) => {
  const one = await saved(await hiding('bert', { text }, [2, 6]))
  for (const [input, positions] of others) {
    // Of what is not hidden there is no loss.
    if (view === 'saliency' && positions.length === 0) continue
    const other = await saved(await hiding('bert', input, positions))
    const both = formatsBeside(one, other).filter(({ side }) => side?.name === 'Both sides')
    expect(both).toHaveLength(count)
    for (const format of both) await expectMadeAgain(commands, format, folders, 1e-5)
  }
})

it('PyTorch is asked for the ids with the mask among them', async () => {
  for (const input of [{ text }, { ids: [2, 5, 6, 7, 8, 3] }]) {
    const [figure] = await predictions(await hiding('bert', input, [2]))
    if (figure?.is !== 'figure' || !('of' in figure.from)) throw new Error('no figure')
    const { of } = figure.from
    expect(of.input).toEqual(input)
    expect(of.ids?.[2]).toBe(mask)
    expect(of.place).toBe('Predictions of each token, hidden: 2 cat')
  }
})

describe('figure', () => {
  async function made(...words: string[]) {
    const out = join(place, 'made.json')
    const { status, error } = await commands.run('figure', ...words, '--out', out)
    if (status !== 0) return error
    const { variables } = JSON.parse(readFileSync(out, 'utf8')) as {
      variables: Record<string, { data: number[] }>
    }
    return variables
  }
  const asked = ['--view', 'predictions', '--set', 'masked=2:6,3:7']

  it('is of the same numbers where the text has the mask already', async () => {
    const bert = folders['bert']!
    const hidden = await made(bert, ...asked, '--text', 'the cat sat on')
    expect(await made(bert, ...asked, '--text', 'the [MASK] sat on')).toEqual(hidden)
    expect(await made(bert, ...asked, '--tokens', '2,5,4,4,8,3')).toEqual(hidden)
    expect(await made(bert, '--view', 'predictions', '--text', 'the cat sat on')).not.toEqual(
      hidden
    )
  })

  it('of a model without a tokenizer is of the masks that the text has, and refuses to put them there', async () => {
    const roberta = join(golden, 'roberta')
    expect(await made(roberta, ...asked, '--tokens', '0,5,4,4,8,2')).toHaveProperty('surprisal')
    const refused = await made(roberta, ...asked, '--tokens', '0,5,6,7,8,2')
    expect(refused).toContain('masked: no tokenizer of roberta says which token is the mask')
    expect(refused).toContain('Give the text by --tokens')
  })

  it.each([
    ['9:6', 'masked position 9 is outside 0…5'],
    ['x', 'expected positions and the tokens masked there']
  ])('refuses masked=%s in words', async (masked, reason) => {
    const words = ['--view', 'predictions', '--text', 'the cat sat on', '--set', `masked=${masked}`]
    expect(await made(folders['bert']!, ...words)).toContain(reason)
  })
})
