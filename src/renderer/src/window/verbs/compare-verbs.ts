import { kindOf, type Subject } from '#common/model/subject.ts'
import { inputLine } from '#common/text/input-text.ts'
import type { MenuEntry } from '../../stores/menu.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import { refOf } from '../../stores/runs.ts'
import { usePalette, type PaletteItem } from '../../stores/palette.ts'
import { viewsFor } from '../../views/registry.ts'
import { askForModel } from '../open-model.ts'
import { openComparison } from './open-comparison.ts'

/** What an object of a run can be compared with. */
export function compareVerbs(subject: Subject): MenuEntry[] {
  const [view] = viewsFor(subject)
  if (!('run' in subject) || view?.of !== 'run') return []
  const { run } = subject
  const section = 'Compare'
  const take = (other: Subject) => openComparison(subject, other)
  const pick = (title: string, choices: readonly Choice[], typed?: Typed): MenuEntry[] => {
    if (choices.length === 0 && !typed) return []
    const choosing = {
      title: `Compare with ${title}`,
      items: choices.map(choice => itemOf(choice, take)),
      typed: typed && ((query: string) => itemOf(typed(query), take))
    }
    return [{ title: `${choosing.title}…`, section, run: () => usePalette().choose(choosing) }]
  }
  const unedited: MenuEntry[] =
    run.edits.length === 0
      ? []
      : [
          {
            title: 'Compare with the unedited run',
            section,
            run: () => openComparison(subject, { ...subject, run: { ...run, edits: [] } })
          }
        ]
  const models = otherModels(subject)
  const opens = {
    ...{ title: 'Compare with another model…', section, note: 'opens one first' },
    run: () => void askForModel()
  }
  return [
    ...unedited,
    ...(models.length === 0 ? [opens] : pick('another model', models)),
    ...pick('another text', otherTexts(subject), typedText(subject)),
    ...(kindOf(subject) === 'head' ? pick('another head', otherHeads(subject)) : [])
  ]
}

type OfRun = Extract<Subject, { run: unknown }>
interface Choice {
  readonly title: string
  readonly note: string
  readonly subject: OfRun
}

/** What is chosen by typing it. */
type Typed = (query: string) => Choice

function itemOf({ title, note, subject }: Choice, take: (other: Subject) => void): PaletteItem {
  return { id: `${title} ${note}`, sign: '~', group: note, title, run: () => take(subject) }
}

function otherModels(subject: OfRun): Choice[] {
  const models = useModels()
  return models.open
    .filter(model => model.notRunnable === null && model.path !== subject.run.model.path)
    .map(model => ({
      title: models.nameAt(model.path),
      note: model.family ?? '',
      subject: { ...subject, run: { ...subject.run, model: refOf(model), edits: [] } }
    }))
}

function otherTexts(subject: OfRun): Choice[] {
  const library = useLibrary()
  const now = inputLine(subject.run.input)
  return [
    ...library.texts.map(({ name, input }) => ({ name, input })),
    ...library.inputs.map(input => ({ name: inputLine(input), input }))
  ]
    .filter(({ input }) => inputLine(input) !== now)
    .map(({ name, input }) => ({
      title: name,
      note: 'text',
      subject: { ...subject, run: { ...subject.run, input } }
    }))
}

/** The text that is typed; of a model that reads ids alone there is none. */
function typedText(subject: OfRun): Typed | undefined {
  if (!useModels().referred(subject.run.model)?.tokenizer) return undefined
  return text => ({
    title: `“${text}”`,
    note: 'this text',
    subject: { ...subject, run: { ...subject.run, input: { text } } }
  })
}

function otherHeads(subject: OfRun): Choice[] {
  const { nLayers = 0, nHeads = 0 } = useModels().referred(subject.run.model)?.config ?? {}
  return Array.from({ length: nLayers * nHeads }, (_, i) => {
    const at = { layer: Math.floor(i / nHeads), head: i % nHeads }
    return { title: `Head ${at.layer}.${at.head}`, note: '', subject: { ...subject, at }, at }
  }).filter(({ at }) => at.layer !== subject.at.layer || at.head !== subject.at.head)
}
