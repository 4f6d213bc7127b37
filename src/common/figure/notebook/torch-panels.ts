import type { Dataset } from '../../data/dataset.ts'
import { panelMark } from '../panels/panel-letter.ts'
import { holdsPanel, panelKey } from '../panels/panels-dataset.ts'
import type { PanelsProvenance } from '../provenance.ts'
import { markdownText } from './markdown-text.ts'
import { torchCalls } from './torch-calls.ts'
import { numbersOfPanel } from './torch/part-of-numbers.ts'
import type { TorchCells } from './torch/torch-call.ts'
import type { KnownModels } from './torch/torch-model.ts'

/**
 * What PyTorch is asked for the numbers of each panel of a page, or why it is not.
 * @param numbers of all of them, as `panelsDataset` makes it
 */
export function torchCallsOfPanels(
  { panels }: PanelsProvenance,
  numbers: Dataset,
  models: KnownModels
): TorchCells[] {
  const cells = panels.map(({ letter, title, from }, i): TorchCells => {
    const called = markdownText(`Panel ${panelMark(i, letter)} ${title}`.trim())
    const said = (note: string) => `**${called}** ${note}`
    const none = (why: string) => ({
      note: said(`PyTorch is not asked for these numbers: ${why}.`),
      code: null
    })
    if (!holdsPanel(numbers, i)) return none('the panel keeps none')
    if (from === null) return none('the panel does not say where they come from')
    const { note, code } = torchCalls(from, models)
    if (code === null) return { note: said(note), code }
    return {
      note: said(note),
      code: `data = numbers_of_panel("${panelKey(i)}")\n${code}\ndata = page`
    }
  })
  if (cells.every(({ code }) => code === null)) return cells
  return [
    { note: 'PyTorch is asked for the numbers of each panel by itself.', code: numbersOfPanel },
    ...cells
  ]
}
