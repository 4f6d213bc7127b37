import type { FigureOrigin, KeptProvenance, Origin } from '../provenance.ts'
import { markdownText } from './markdown-text.ts'
import { indented } from './python.ts'
import type { TorchCall, TorchCells, WithoutCall } from './torch/torch-call.ts'
import { unreadFile, type KnownModels, type TorchModel } from './torch/torch-model.ts'
import { callsOfDifference, callsOfSides, sidesOf } from './torch/torch-sides.ts'
import { comparing, torchStart } from './torch/torch-start.ts'
import { analysisTable, torchTable } from './torch/torch-table.ts'

/**
 * What PyTorch is asked for the same numbers, and how far they are from those of the figure; or why it is not.
 * @param from of one figure, or of one set of numbers
 */
export function torchCalls(from: KeptProvenance, models: KnownModels = new Map()): TorchCells {
  const sides = sidesOf(from)
  if (sides === null) return cellsOf(askedOf(from, models))
  const [one, other] = [askedOf(sides[0], models), askedOf(sides[1], models)]
  return from.less === null
    ? callsOfSides(cellsOf(one), cellsOf(other))
    : cellsOf(differenceOf(sides, one, other))
}

/** What there is to see of each model and text in place of numbers that PyTorch is not asked for. */
export function shownInstead(
  { of, beside, less }: KeptProvenance,
  models: KnownModels
): TorchCells[] {
  const all = [of, beside ?? less].map(own => own && shownOf(own, models.get(own.fingerprint)))
  const [first, second] = all
  if (second == null || first?.code === second.code) return first == null ? [] : [first]
  return all.flatMap((own, side) =>
    own == null ? [] : [{ ...own, note: `The ${side === 0 ? 'first' : 'second'}: ${own.note}` }]
  )
}

function shownOf(of: Origin, model: TorchModel | null = null): TorchCells | null {
  if (model !== null && (model.notLoaded ?? model.notStored) !== null)
    return unreadFile(model) === null
      ? {
          note: 'Its weights, as they are stored:',
          code: guarded(`${torchStart('weights', of, model)}
for name, own in weights.items():
    print(name, tuple(own.shape), own.dtype)`)
        }
      : null
  if (of.input === null) return null
  return {
    note: 'What the model gives of the text:',
    code: guarded(`${torchStart('run', of, model)}
print(attentions.shape, hidden_states.shape)`)
  }
}

/** Calls with what they are of. */
interface Asked {
  readonly start: TorchCall['start']
  /** Python that loads what the others are of, and Python that compares. */
  readonly begun: string
  readonly python: string
  /** In words of Markdown. */
  readonly note: string
}

function cellsOf(asked: Asked | WithoutCall): TorchCells {
  if ('without' in asked)
    return { note: `PyTorch is not asked for these numbers: ${asked.without}.`, code: null }
  const { begun, python, note } = asked
  return { note, code: guarded(`${begun}\n${comparing(python)}`) }
}

/** What goes wrong is said, and stops no cell after it. */
function guarded(python: string): string {
  return `try:
${indented(python)}
except Exception as error:
    print(f"PyTorch was not asked for all: {type(error).__name__}: {error}")`
}

/** What is asked for numbers of one side. */
function askedOf(from: KeptProvenance, models: KnownModels): Asked | WithoutCall {
  const { of } = from
  const model = models.get(of.fingerprint) ?? null
  const own = ownCalls(from)
  if ('without' in own) return own
  const { start, python } = own
  if (model?.notLoaded != null && start !== 'weights')
    return {
      without: `transformers does not load this model, and its own code is needed for them: ${markdownText(model.notLoaded)}`
    }
  if (model?.notStored != null && start !== 'tokenizer')
    return {
      without: `whoever loads its files has another model than the one here, for ${markdownText(model.notStored)}`
    }
  const unread = start === 'weights' && model !== null ? unreadFile(model) : null
  if (unread !== null)
    return { without: `the weights lie in ${markdownText(unread)}, which it does not read` }
  const isEdited = ofText(start) && of.edits.length > 0
  const note = isEdited ? ofEdited : `${noteOf(start, model)}${rounding(from, start)}`
  return { start, begun: torchStart(start, of, model), python, note }
}

/** Of runs as they are; a difference of weights, or of an edited run, is not asked for. */
function differenceOf(
  sides: readonly [KeptProvenance, KeptProvenance],
  one: Asked | WithoutCall,
  other: Asked | WithoutCall
): Asked | WithoutCall {
  if ('without' in one) return one
  if ('without' in other) return other
  if (!ofText(one.start)) return { without: 'they are the difference of two' }
  if (sides.some(({ of }) => of.edits.length > 0))
    return { without: 'they are the difference of two, of which one is of an edited run' }
  const isRounded = rounding(sides[0], one.start) !== ''
  return {
    ...one,
    python: callsOfDifference(one.python, other),
    note: `${one.note} Each side is asked for, and the second taken from the first${isRounded ? ': both are rounded, which is up to twice as much of a difference' : ''}.`
  }
}

const ofEdited =
  'PyTorch gives the values of the model as it is: those of the figure are of an edited run, and are not compared without its hooks.'

function ofText(start: TorchCall['start']): boolean {
  return start === 'run' || start === 'logits'
}

/** What the figure or the analysis is, by what makes it again. */
function ownCalls({
  of,
  less,
  again
}: FigureOrigin & Pick<KeptProvenance, 'again'>): Pick<Asked, 'start' | 'python'> | WithoutCall {
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
