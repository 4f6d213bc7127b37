import type { Dataset } from '../../data/dataset.ts'
import { datasetNpz } from '../../data/dataset-npz.ts'
import { base64 } from '../base64.ts'
import type { KeptDrawing } from '../drawing.ts'
import { hasRightToLeft } from '../../text/token-text.ts'
import { provenanceLines, type KeptProvenance, type PanelsProvenance } from '../provenance.ts'
import { displayOrderCode } from './display-order.ts'
import { drawnCells, type DrawnCells } from './drawn-cells.ts'
import type { PlottedPage } from './plotted-page.ts'
import type { KnownModels } from './torch/torch-model.ts'
import { markdownText } from './markdown-text.ts'
import { codeCell, markdownCell, notebookFile } from './notebook-file.ts'
import { shownInstead, torchCalls } from './torch-calls.ts'
import { torchCallsOfPanels } from './torch-panels.ts'
import type { TorchCells } from './torch/torch-call.ts'

const start = `import base64, io, json, textwrap
import numpy as np
import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
from numpy import inf, nan

# Texts of tokens are no formulas.
plt.rcParams["text.parse_math"] = False
# Titles are as large as other letters.
plt.rcParams["axes.titlesize"] = plt.rcParams["figure.titlesize"] = "medium"`

const read = `# The same as the exported file: data = np.load("NAME.npz")
data = np.load(io.BytesIO(base64.b64decode(NPZ)))
along = json.loads(data["attributes.json"])["axes"]
for name, own in along.items():
    print(name, own, data[name].shape)`

const printed = `for name in along:
    print(name)
    print(data[name])`

/**
 * A figure and the numbers behind it as a Jupyter notebook that stands by itself: it holds the numbers as NumPy reads them, takes
 * what the figure draws from them, draws it with matplotlib, and shows what PyTorch would be asked for the same.
 * @param figure null of numbers that no figure draws
 * @param datasets of several sets of numbers the one that holds most of what is drawn is taken
 * @param models those of which more is known than where their numbers come from
 */
export function figureNotebook(
  figure: KeptDrawing | PlottedPage | null,
  datasets: readonly Dataset[],
  {
    title,
    from,
    models = new Map()
  }: {
    readonly title: string
    readonly from: KeptProvenance | PanelsProvenance
    readonly models?: KnownModels
  }
): string {
  const told = provenanceLines(from).map(line => `    ${line}`)
  const { dataset, drawn } = bestDrawn(figure, datasets)
  const torch = 'of' in from ? ofOne(from, models) : torchCallsOfPanels(from, dataset, models)
  const cells = [
    markdownCell('about', [`# ${markdownText(title)}`, '', ...told].join('\n')),
    codeCell('start', start),
    codeCell('numbers', `NPZ = "${base64(datasetNpz(dataset))}"`, true),
    codeCell('read', read),
    ...(drawn === null
      ? [codeCell('printed', printed)]
      : [
          codeCell('figure', drawn.said, true),
          codeCell('forms', drawn.forms, true),
          ...(hasRightToLeft(drawn.said + drawn.code)
            ? [codeCell('letters', displayOrderCode, true)]
            : []),
          markdownCell('taken', drawn.about),
          codeCell('drawn', drawn.code)
        ]),
    ...torch.flatMap(({ note, code }, i) => {
      const which = i === 0 ? '' : `-${i}`
      return [
        markdownCell(`check${which}`, note),
        ...(code === null ? [] : [codeCell(`torch${which}`, code)])
      ]
    })
  ]
  return notebookFile(cells)
}

/** Where PyTorch is not asked, there may be something of the model to see. */
function ofOne(from: KeptProvenance, models: KnownModels): TorchCells[] {
  const asked = torchCalls(from, models)
  return [asked, ...(asked.code === null ? shownInstead(from, models) : [])]
}

/** Of sets of numbers the first that lacks least of what a figure draws, with what draws it. */
function bestDrawn(figure: KeptDrawing | PlottedPage | null, datasets: readonly Dataset[]) {
  const lacking = ({ drawn }: { readonly drawn: DrawnCells | null }) => drawn?.own.length ?? 0
  return datasets
    .map(dataset => ({ dataset, drawn: figure && drawnCells(figure, dataset) }))
    .reduce((best, next) => (lacking(next) < lacking(best) ? next : best))
}
