import type { Dataset } from '../../data/dataset.ts'
import { panelMark } from '../panels/panel-letter.ts'
import { holdsPanel, panelKey } from '../panels/panels-dataset.ts'
import type { PanelsProvenance } from '../provenance.ts'
import { markdownText } from './markdown-text.ts'
import { torchCalls } from './torch-calls.ts'
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
    { note: 'PyTorch is asked for the numbers of each panel by itself.', code: apart },
    ...cells
  ]
}

/** The data of panels, as `panelsDataset` makes it, as what it was made of. */
const apart = `page = np.load(io.BytesIO(base64.b64decode(NPZ)))

def numbers_of_panel(letter):
    """The numbers of one panel, by the names that they have in its view."""
    told, start = json.loads(page["attributes.json"]), f"{letter}."

    def named(of):
        if isinstance(of, dict):
            return {named(name): named(own) for name, own in of.items()}
        if isinstance(of, list):
            return [named(own) for own in of]
        return of.removeprefix(start) if isinstance(of, str) else of

    own = {
        kind + name.removeprefix(kind + start): page[name]
        for kind in ("", "labels.") for name in page.files if name.startswith(kind + start)
    }
    about = {
        part: named({name: of for name, of in told[part].items() if name.startswith(start)})
        for part in ("axes", "variables")
    }
    own["attributes.json"] = json.dumps({"attributes": told["attributes"][letter], **about})
    return own`
