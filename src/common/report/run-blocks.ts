import { saidCut } from '../analysis/subject.ts'
import type { AnalysisRequest } from '../contract/session.ts'
import { parseSessionWindow } from '../contract/session-window.ts'
import type { Edit } from '../model/edit.ts'
import { areTextsOf, type LibraryItem } from '../model/library.ts'
import type { RunInput } from '../model/run-input.ts'
import type { ModelRef } from '../model/model-ref.ts'
import { subjectModel, type On } from '../model/subject.ts'
import { analysisCommandText, settingsText } from '../text/command-text.ts'
import { namesAlone } from '../text/corpus-text.ts'
import { cutShort } from '../text/cut-short.ts'
import { editText } from '../text/edit-text.ts'
import { inputLine, inputText } from '../text/input-text.ts'
import { bytesText, counted, exactCount } from '../text/number-text.ts'
import { objectName } from '../text/object-name.ts'
import { lastPart } from '../text/last-part.ts'
import { inItsDirection } from '../text/token-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { folderName, modelName } from './model-blocks.ts'
import {
  facts,
  heading,
  mono,
  muted,
  paragraph,
  table,
  type Block,
  type Span
} from './report-document.ts'
import { namedCorpus } from './kept-corpus.ts'
import type { ReportedSession } from './reported-session.ts'
import { optionSpans } from './set-options.ts'

/** More of a text is cut short, which is said. */
const mostLetters = 4000

/** Texts that ran, with their edits, and what has a name. */
export function textBlocks(session: ReportedSession): Block[] {
  const { runs, library } = session.content
  const known = new Map(
    session.kept.runs.map(({ source, tokens }) => [JSON.stringify(source), tokens])
  )
  const named = library.flatMap(item => itemBlocks(item, session))
  return [
    ...runs.flatMap(({ source }) => {
      const { model, input, edits, provider } = source
      const tokens = known.get(JSON.stringify(source))
      return [
        ...inputBlocks(input),
        facts([
          ['Run by', `${modelName(session, model)}, ${provider}`],
          ['Edits', editsText(edits)],
          ['Tokens', tokens === undefined ? null : exactCount(tokens)]
        ])
      ]
    }),
    ...(named.length === 0 ? [] : [heading(2, 'With a name'), ...named])
  ]
}

/** How tabs are set, and what of. */
export function settingBlocks(session: ReportedSession): Block[] {
  const window = parseSessionWindow(session.content.window)
  if (window === null) return [paragraph('Its tabs are of another version of Lamella.')]
  const onText = (on: On | null) => {
    if (on === null) return ''
    if (typeof on === 'string') return `group ${on}`
    const nameOf = (ref: ModelRef) => modelName(session, ref)
    return `${inItsDirection(objectName(on, nameOf))} · ${nameOf(subjectModel(on))}`
  }
  return [
    facts([['Computed by', window.provider]]),
    ...window.groups.map(({ name, model, texts, ids, edits, layer, head }) => {
      const read = model === null ? undefined : (ids[model] ?? texts[model])
      return facts([
        [`Group ${name}`, model === null ? 'no model' : inItsDirection(folderName(session, model))],
        [
          'Text',
          read === undefined ? null : inItsDirection(cutShort(inputLine({ text: read }), 200))
        ],
        ['Edits', editsText(model === null ? [] : (edits[model] ?? []))],
        ['Head', `${layer}.${head}`]
      ])
    }),
    ...(window.tabs.length === 0
      ? []
      : [
          table(
            [{ name: 'tab' }, { name: 'of' }, { name: 'compared with' }, { name: 'set to' }],
            window.tabs.map(({ type, context: { on, with: other, options = {} } }) => [
              tabName(type),
              onText(on),
              onText(other),
              optionSpans(session, options)
            ])
          )
        ])
  ]
}

/** Which numbers the file keeps, and what computes them again. */
export function keptBlocks(session: ReportedSession): Block[] {
  const { runs, results } = session.kept
  const withValues = runs.filter(({ values }) => values.length > 0)
  return [
    ...(withValues.length === 0
      ? []
      : [
          heading(2, 'Values of runs'),
          table(
            [
              ...[{ name: 'run' }, { name: 'by' }, { name: 'edits' }, { name: 'values' }],
              { name: 'size', isNumber: true }
            ],
            withValues.map(({ source, values }) => [
              inItsDirection(cutShort(inputLine(source.input), 60)),
              `${modelName(session, source.model)}, ${source.provider}`,
              editsText(source.edits),
              [mono(values.map(({ hook }) => visibleText(hook)).join(', '))],
              bytesText(values.reduce((sum, { bytes }) => sum + bytes, 0))
            ])
          )
        ]),
    ...(results.length === 0
      ? []
      : [
          heading(2, 'Results of analyses'),
          ...[...Map.groupBy(results, ({ request }) => subjectKey(request)).values()].flatMap(
            same => [
              ...resultOf(session, same[0]!.request),
              paragraph(againSpan(session, same[0]!.request)),
              table(
                [{ name: 'ANALYSIS' }, { name: 'SETTINGS' }, { name: 'size', isNumber: true }],
                same.map(({ request, bytes }) => [
                  visibleText(request.name),
                  settingSpans(request),
                  bytesText(bytes)
                ])
              )
            ]
          )
        ])
  ]
}

/** Which models results are of, where a command, which has the names of their folders alone, does not tell it. */
function resultOf(session: ReportedSession, { of, with: other }: AnalysisRequest): Block[] {
  const refs = [of, ...(other === null ? [] : [other])].map(({ model }) => model)
  const told = refs.map(ref => modelName(session, ref)).join(' and ')
  const folders = refs.map(({ path }) => inItsDirection(folderName(session, path))).join(' and ')
  return told === folders ? [] : [paragraph(`Of ${told}:`)]
}

/** What an analysis was of; those that differ in what was asked alone are of the same. */
function subjectKey({ of, with: other }: AnalysisRequest): string {
  return JSON.stringify([of, other])
}

/** What was asked, as a command takes it. */
function settingSpans({ params }: AnalysisRequest): Span[] {
  const text = settingsText(params as Readonly<Record<string, unknown>>)
  return text === '' ? [] : [mono(visibleText(text))]
}

/** The command that computes results again, of any analysis with any settings. */
function againSpan(session: ReportedSession, { of, with: other }: AnalysisRequest): Span {
  const cut = of.corpus === null ? undefined : saidCut(of.corpus)
  const origin = {
    ...{ folder: folderName(session, of.model.path), input: null },
    ...(of.corpus && { corpus: namesAlone(namedCorpus(of.corpus, session.content.library)) }),
    ...(cut && { cut }),
    ...{ edits: of.edits, provider: of.provider }
  }
  const asked = {
    ...{ analysis: 'ANALYSIS', params: {} },
    ...(other !== null && { with: folderName(session, other.model.path) })
  }
  return mono(visibleText(`${analysisCommandText(asked, origin, 'numbers.csv')} SETTINGS`))
}

/** What a kind of tab is called, such as `Head atlas`. */
export function tabName(type: string): string {
  const words = visibleText(type).replaceAll('-', ' ')
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

function itemBlocks(item: LibraryItem, { texts }: Pick<ReportedSession, 'texts'>): Block[] {
  const title = (kind: string) => heading(3, `${inItsDirection(visibleText(item.name))} (${kind})`)
  switch (item.kind) {
    case 'text':
      return [title('text'), ...inputBlocks(item.input)]
    case 'pair':
      return [title('contrast pair'), ...inputBlocks(item.clean), ...inputBlocks(item.corrupt)]
    case 'edits':
      return [title('edits'), paragraph(editsText(item.edits))]
    case 'corpus': {
      const { of, window, stride } = item
      const read =
        'path' in of
          ? `${inItsDirection(visibleText(lastPart(of.path)))}: ${counted(of.seen.files, 'file')}, ${bytesText(of.seen.bytes)}`
          : `${counted(of.texts.length, 'text')}: ${of.texts.map(({ name }) => inItsDirection(visibleText(name))).join(', ')}`
      return [
        title('corpus'),
        facts([
          ['Reads', read],
          ['Its texts', 'path' in of ? (areTextsOf(texts, of) ? keptTexts : leftTexts) : null],
          ['Window', window === null ? 'each text whole' : exactCount(window)],
          ['Stride', stride === null ? null : exactCount(stride)]
        ])
      ]
    }
    case 'layout':
      return []
  }
}

const keptTexts = 'in the session’s file, which is read where these files are not'
const leftTexts = 'not in the session’s file: they are read from these files alone'

function inputBlocks(input: RunInput): Block[] {
  const text = inputText(input)
  const cut = cutShort(text, mostLetters)
  return [
    {
      kind: 'verbatim',
      text: cut,
      isCode: !('text' in input)
    },
    ...(cut === text
      ? []
      : [paragraph(muted(`Cut short: ${exactCount([...text].length)} characters in all.`))])
  ]
}

function editsText(edits: readonly Edit[]): string {
  return visibleText(edits.map(editText).join('; ')) || 'none'
}
