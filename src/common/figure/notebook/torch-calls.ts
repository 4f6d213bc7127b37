import type { FigureOrigin, KeptProvenance } from '../provenance.ts'
import { markdownText } from './markdown-text.ts'
import type { TorchCall, TorchCells, WithoutCall } from './torch/torch-call.ts'
import { unreadFile, type TorchModel } from './torch/torch-model.ts'
import { callsOfDifference, callsOfSides, sidesOf } from './torch/torch-sides.ts'
import { torchEnd, torchStart } from './torch/torch-start.ts'
import { analysisTable, torchTable } from './torch/torch-table.ts'

/**
 * What PyTorch is asked for the same numbers, and how far they are from those of the figure; or why it is not.
 * @param from of one figure, or of one set of numbers
 * @param model null where it is not known
 */
export function torchCalls(from: KeptProvenance, model: TorchModel | null = null): TorchCells {
  const sides = sidesOf(from)
  if (sides !== null) {
    const [first, second] = sides
    const isSame = second.of.fingerprint === first.of.fingerprint
    const models = [model, isSame ? model : null] as const
    if (from.less !== null) return ofDifference(sides, models)
    return callsOfSides(torchCalls(first, models[0]), torchCalls(second, models[1]))
  }
  const own = ownCalls(from)
  const start = 'python' in own ? own.start : from.of.input === null ? null : 'run'
  const why = 'without' in own ? `PyTorch is not asked for these numbers: ${own.without}.` : null
  if (model?.notLoaded != null && start !== 'weights') return weightsAlone(from, model, why)
  if (start === null) return { note: why ?? '', code: null }
  const unread = start === 'weights' && model !== null ? unreadFile(model) : null
  if (unread !== null)
    return {
      note: `PyTorch does not read the weights: they lie in ${markdownText(unread)}.`,
      code: null
    }
  const asked = 'python' in own ? `${own.python}\n${torchEnd}` : shapes
  const code = `${torchStart(start, from.of, model)}\n${asked}`
  const isEdited = ofText(start) && from.of.edits.length > 0
  const note = why ?? (isEdited ? ofEdited : `${noteOf(start, model)}${rounding(from, start)}`)
  return { note, code }
}

/** Of runs as they are; a difference of weights, or of an edited run, is not asked for. */
function ofDifference(
  sides: readonly [KeptProvenance, KeptProvenance],
  models: readonly [TorchModel | null, TorchModel | null]
): TorchCells {
  const [one, other] = [ownCalls(sides[0]), ownCalls(sides[1])]
  const none = (why: string) => ({
    note: `PyTorch is not asked for these numbers: ${why}.`,
    code: null
  })
  if ('without' in one) return none(one.without)
  if ('without' in other) return none(other.without)
  if (!ofText(one.start)) return none('they are the difference of two')
  if (sides.some(({ of }) => of.edits.length > 0))
    return none('they are the difference of two, of which one is of an edited run')
  const away = models.find(model => model?.notLoaded != null)
  if (away) return none(`transformers does not load this model: ${markdownText(away.notLoaded!)}`)
  const code = callsOfDifference(
    [
      torchStart(one.start, sides[0].of, models[0]),
      torchStart(other.start, sides[1].of, models[1])
    ],
    [one.python, other.python]
  )
  const note = `${noteOf(one.start, models[0])} Each side is asked for, and the second taken from the first.${rounding(sides[0], one.start)}`
  return { note, code: `${code}\n${torchEnd}` }
}

const ofEdited =
  'PyTorch gives the values of the model as it is: those of the figure are of an edited run, and are not compared without its hooks.'

function ofText(start: TorchCall['start']): boolean {
  return start === 'run' || start === 'logits'
}

const shapes = `# What the model gives of the text.
print(attentions.shape, hidden_states.shape)`

type Own = { readonly start: TorchCall['start']; readonly python: string } | WithoutCall

/** What the figure or the analysis is, by what makes it again. */
function ownCalls({ of, less, again }: FigureOrigin & Pick<KeptProvenance, 'again'>): Own {
  if (less !== null) return { without: 'they are the difference of two' }
  if ('none' in again)
    return { without: `no command makes them again, for ${markdownText(again.none)}` }
  if ('with' in again && again.with !== undefined) return { without: 'they are of two models' }
  const [name, table, params] =
    'view' in again
      ? ([again.view, torchTable, again.params] as const)
      : 'analysis' in again
        ? ([again.analysis, { ...torchTable, ...analysisTable }, again.params] as const)
        : ([again.command, torchTable, {}] as const)
  const own = Object.hasOwn(table, name) ? table[name]! : null
  if (own === null) return { without: 'no calls are known for them' }
  if ('without' in own) return own
  if (ofText(own.start) && of.input === null)
    return { without: 'they are of a corpus, whose texts are not in this file' }
  const python = own.python(params)
  if (python === null) return { without: 'what was asked for is not known' }
  return typeof python === 'string' ? { start: own.start, python } : python
}

/** Of a model that transformers does not load. */
function weightsAlone({ of }: KeptProvenance, model: TorchModel, why: string | null): TorchCells {
  const reason =
    why ??
    `transformers does not load this model: ${markdownText(model.notLoaded ?? '')}, and its own code is needed for these numbers.`
  if (unreadFile(model) !== null) return { note: reason, code: null }
  const code = `${torchStart('weights', of, model)}
for name, own in weights.items():
    print(name, tuple(own.shape), own.dtype)`
  return { note: `${reason} Its weights, as they are stored:`, code }
}

function noteOf(start: TorchCall['start'], model: TorchModel | null): string {
  if (start === 'weights')
    return 'The same by PyTorch, of the weights as they are stored, and by how much it differs.'
  const which = model === null ? ', of a model that transformers can load from its folder' : ''
  return `The same by PyTorch and transformers (4.56 or newer)${which}, and by how much it differs.`
}

function rounding({ precision }: KeptProvenance, start: TorchCall['start']): string {
  return precision === 'float16' && ofText(start)
    ? ' The weights of attention in the data are rounded to float16, which is up to 2.5e-4.'
    : ''
}
