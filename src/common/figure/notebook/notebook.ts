import type { Dataset } from '../../data/dataset.ts'
import { datasetNpz } from '../../data/dataset-npz.ts'
import { base64 } from '../base64.ts'
import { provenanceLines, type PanelsProvenance, type Provenance } from '../provenance.ts'
import { guessWords, redraws } from './redraws.ts'
import { torchCalls } from './torch-calls.ts'

const start = `import base64, io, json
import numpy as np
import matplotlib.pyplot as plt

# Texts of tokens are no formulas.
plt.rcParams["text.parse_math"] = False
# So many labels are told apart.
most = 100`

const read = `data = np.load(io.BytesIO(base64.b64decode(NPZ)))
along = json.loads(data["attributes.json"])["axes"]


def names(axis):
    """What stands along an axis: labels, or indices."""
    if f"labels.{axis}" in data:
        return data[f"labels.{axis}"]
    return np.arange(next(data[name].shape[own.index(axis)] for name, own in along.items() if axis in own))


for name, own in along.items():
    print(name, own, data[name].shape)`

/**
 * A dataset as a Jupyter notebook that stands by itself: it holds the numbers as NumPy reads them, draws them again with
 * matplotlib, and shows what PyTorch would be asked for the same.
 * @param params what the view was asked for, with what it takes where nothing is said; else those of the command
 * @source the Jupyter notebook format 4.5
 */
export function datasetNotebook(
  dataset: Dataset,
  {
    title,
    from,
    params: asked
  }: {
    readonly title: string
    readonly from: Provenance | PanelsProvenance
    readonly params?: Readonly<Record<string, unknown>>
  }
): string {
  const again = 'of' in from ? from.again : null
  const params = asked ?? (again !== null && 'params' in again ? again.params : {})
  const redraw = redraws.find(own => own.of(dataset, params))!
  const guess = guessWords(dataset, redraw)
  const torch = 'of' in from ? torchCalls(from) : null
  const told = provenanceLines(from).map(line => `    ${line}`)
  const cells = [
    markdown('about', [`# ${plain(title)}`, '', ...told].join('\n')),
    code('start', start),
    code('numbers', `NPZ = "${base64(datasetNpz(dataset))}"`, true),
    code('read', read),
    ...(guess === null ? [] : [markdown('guess', guess)]),
    code('drawn', redraw.code(dataset, params)),
    ...(torch === null
      ? []
      : [
          markdown(
            'check',
            'The same by PyTorch, of a model that transformers can load from its folder.'
          ),
          code('torch', torch)
        ])
  ]
  return `${JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }, null, 1)}\n`
}

const metadata = {
  kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
  language_info: { name: 'python' }
}

function markdown(id: string, source: string) {
  return { cell_type: 'markdown', id, metadata: {}, source }
}

function code(id: string, source: string, isHidden = false) {
  const metadata = isHidden ? { jupyter: { source_hidden: true } } : {}
  return { cell_type: 'code', id, metadata, execution_count: null, outputs: [], source }
}

/** A text that Markdown takes as text. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
}
