import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { datasetBeside } from '#common/data/dataset-beside.ts'
import { datasetNpz } from '#common/data/dataset-npz.ts'
import { torchCallsOfPanels } from '#common/figure/notebook/torch-panels.ts'
import type { TorchModel } from '#common/figure/notebook/torch/torch-model.ts'
import { panelsDataset } from '#common/figure/panels/panels-dataset.ts'
import type { KeptProvenance, PanelProvenance } from '#common/figure/provenance.ts'

const from = (head: number, fingerprint: string): KeptProvenance => ({
  ...{ version: '1', less: null, precision: 'float32' },
  again: { view: 'attention', params: { layer: 1, head } },
  of: {
    ...{ model: 'm', fingerprint, input: { text: 'a' }, edits: [], provider: 'cpu', place: '' },
    ids: [head]
  }
})
const panel = (letter: string, title: string, from: KeptProvenance | null): PanelProvenance => ({
  letter,
  title,
  caption: '',
  from
})
const weights = (...data: number[]): Dataset =>
  dataset(
    { query: axis(data.map(String)) },
    { weight: { axes: ['query'], unit: '', about: '', data: Float32Array.from(data) } },
    { input_ids: data }
  )
const numbersOf = (...all: (Dataset | null)[]) =>
  panelsDataset(
    all.map(numbers => ({ numbers, left: [] })),
    '(a)'
  )!
const page = (...panels: PanelProvenance[]) => ({
  ...{ version: '1', panels },
  again: { session: 's', figure: 'f' }
})

describe('PyTorch', () => {
  const numbers = numbersOf(weights(1, 2), weights(3), null, weights(4))
  const away: TorchModel = { files: [], notLoaded: 'it is an adapter alone', notStored: null, predicts: 'next', positions: [] } // prettier-ignore
  const all = page(
    panel('(a)', 'One', from(1, 'x')),
    panel('', '', from(2, 'y')),
    panel('(c)', '<b>', from(3, 'x')),
    panel('(d)', 'Old', null)
  )
  const cells = torchCallsOfPanels(all, numbers, new Map([['y', away]]))

  it('is asked for each panel of a page, of its own numbers, or it is said why not', () => {
    expect(cells.map(({ note }) => note)).toEqual([
      'PyTorch is asked for the numbers of each panel by itself.',
      expect.stringMatching(/^\*\*Panel \\\(a\\\) One\*\* The same by PyTorch and transformers/),
      '**Panel 2** PyTorch is not asked for these numbers: transformers does not load this model, and its own code is needed for them: it is an adapter alone.',
      '**Panel \\(c\\) \\<b\\>** PyTorch is not asked for these numbers: the panel keeps none.',
      '**Panel \\(d\\) Old** PyTorch is not asked for these numbers: the panel does not say where they come from.'
    ])
    const [, first, ...others] = cells
    expect(first!.code).toMatch(
      /^data = numbers_of_panel\("a"\)\n[^]*ids = torch\.tensor\(\[\[1\]\]\)[^]*compare\(attentions\[1, 1\][^]*\ndata = page$/
    )
    expect(others.map(({ code }) => code)).toEqual([null, null, null])
  })

  it('is asked nothing where it is for no panel', () => {
    const none = torchCallsOfPanels(page(panel('(a)', '', null)), numbers, new Map())
    expect(none.map(({ code }) => code)).toEqual([null])
  })

  const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0
  it.runIf(hasNumpy)('has of the numbers of a page those that a panel was made of', () => {
    const sides = datasetBeside(weights(1, 2), weights(3), ['A', 'B'])
    const made = numbersOf(weights(1, 2), null, sides)
    const folder = mkdtempSync(join(tmpdir(), 'lamella-panels-'))
    const files = [made, sides].map((own, i) => {
      const path = join(folder, `${i}.npz`)
      writeFileSync(path, datasetNpz(own))
      return path
    })
    const code = `import base64, io, json, sys
import numpy as np
NPZ = base64.b64encode(open(sys.argv[1], "rb").read())
${cells[0]!.code!}
def said(own):
    return {name: json.loads(str(of)) if name.endswith("json") else of.tolist() for name, of in own.items()}
alone = np.load(sys.argv[2])
alone = {**alone, "attributes.json": alone["attributes.json"].decode()}
print(json.dumps([said(numbers_of_panel("a")), said(numbers_of_panel("c")), said(alone)]))`
    const { stdout, stderr } = spawnSync('python3', ['-c', code, ...files], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(stderr).toBe('')
    const [first, third, alone] = JSON.parse(stdout) as [object, object, object]
    expect(first).toEqual({
      ...{ weight: [1, 2], 'labels.query': ['1', '2'] },
      'attributes.json': {
        attributes: { input_ids: [1, 2] },
        ...{ axes: { weight: ['query'] }, variables: {} }
      }
    })
    expect(third).toEqual(alone)
  })
})
