import { z } from 'zod'
import { Edit } from './edit.ts'
import { Layout } from './layout.ts'
import { Moment } from './moment.ts'
import { RunInput } from './run-input.ts'
import { mostEdits, RunSource } from './run-source.ts'
import { firstLetters } from '../text/cut-short.ts'

/** A name that a person gave, in one line. */
export const ItemName = z.string().trim().min(1).max(200)

/** A text, or token ids, under a name. */
export const NamedText = z.object({ kind: z.literal('text'), name: ItemName, input: RunInput })
export type NamedText = z.infer<typeof NamedText>

/** Two texts that differ in what is asked about. */
export const ContrastPair = z.object({
  kind: z.literal('pair'),
  name: ItemName,
  clean: RunInput,
  corrupt: RunInput
})
export type ContrastPair = z.infer<typeof ContrastPair>

/** What is changed inside a run, to be changed in others. */
export const NamedEdits = z.object({
  kind: z.literal('edits'),
  name: ItemName,
  edits: z.array(Edit).min(1).max(mostEdits)
})
export type NamedEdits = z.infer<typeof NamedEdits>

/** What lay at a path of text files as it was looked at. */
export const CorpusFiles = z.object({
  files: z.int().min(0),
  bytes: z.number().min(0),
  /** Of a folder what is not read, such as hidden files. */
  left: z.int().min(0),
  /** Another one once any of it has changed. */
  mark: z.string()
})
export type CorpusFiles = z.infer<typeof CorpusFiles>

const Length = z.int().min(1).nullable()

/** Many texts under a name, which are read in windows. */
export const NamedCorpus = z.object({
  kind: z.literal('corpus'),
  name: ItemName,
  of: z.union([
    /** A text file, or a folder of them, and what it was when it was kept. */
    z.object({
      path: z.string().min(1),
      seen: CorpusFiles,
      /** A session's file brought it, and nobody here has asked for its files yet: until then they are not looked for. */
      unasked: z.literal(true).optional()
    }),
    /** Texts as they were when it was kept, with the names they had. */
    z.object({ texts: z.array(z.object({ name: ItemName, input: RunInput })) })
  ]),
  /** Tokens of a window; null for each text whole, and of files for what the model takes, at most 1,024. */
  window: Length,
  /** Tokens from the start of one window to the next; null where windows follow one another. */
  stride: Length
})
export type NamedCorpus = z.infer<typeof NamedCorpus>

/** What a corpus of files is of. */
export type FilesOfCorpus = Extract<NamedCorpus['of'], { readonly path: string }>

/** Whether texts of files, such as those that a session keeps, are those that a corpus is of. */
export function areTextsOf(
  texts: readonly (Pick<CorpusFiles, 'mark'> & Pick<FilesOfCorpus, 'path'>)[],
  { path, seen }: FilesOfCorpus
): boolean {
  return texts.some(own => own.path === path && own.mark === seen.mark)
}

/** Texts and files of a corpus: more are no corpus but a mistake. */
export const mostTexts = 100_000

/** What a corpus reads, in its order. */
export function corpusInputs(of: NamedCorpus['of']): (RunInput | { path: string })[] {
  return 'path' in of ? [{ path: of.path }] : of.texts.map(({ input }) => input)
}

/** Whether files at a path are of a corpus that somebody here has named or asked for. */
export function isAskedFor(items: readonly LibraryItem[], path: string): boolean {
  return items.some(
    item => item.kind === 'corpus' && 'path' in item.of && item.of.path === path && !item.of.unasked
  )
}

/** What has a name as a file has it that others open: who here has asked for files is not for them. */
export function asShared(item: LibraryItem): LibraryItem {
  if (item.kind !== 'corpus' || !('path' in item.of)) return item
  const { path, seen } = item.of
  return { ...item, of: { path, seen } }
}

/** The same for items that hold the same, whatever they are called and whoever here has asked for their files. */
export function sharedContent(item: LibraryItem): string {
  return JSON.stringify({ ...asShared(item), name: '' })
}

/** How tabs stand, for other models and texts. */
export const NamedLayout = z.object({
  kind: z.literal('layout'),
  name: ItemName,
  layout: Layout
})
export type NamedLayout = z.infer<typeof NamedLayout>

/** What was given a name; of a kind there is one of each name. */
export const LibraryItem = z.discriminatedUnion('kind', [
  NamedText,
  ContrastPair,
  NamedCorpus,
  NamedEdits,
  NamedLayout
])
export type LibraryItem = z.infer<typeof LibraryItem>
export const ItemKind = z.enum(['text', 'pair', 'corpus', 'edits', 'layout'])
export type ItemKind = z.infer<typeof ItemKind>

/** What has a name, by what it is called. */
export const ItemRef = z.object({ kind: ItemKind, name: z.string() })
export type ItemRef = z.infer<typeof ItemRef>

/** The same for items that are called alike. */
export function itemKey({ kind, name }: ItemRef): string {
  return `${kind} ${name}`
}

/** The corpus of a name; null where there is none. */
export function corpusNamed(name: string | null): ItemRef | null {
  return name === null ? null : { kind: 'corpus', name }
}

/** A run that a person asked for, and when. */
export const PastRun = z.object({
  source: RunSource,
  /** What the model was called. */
  modelName: z.string(),
  at: Moment
})
export type PastRun = z.infer<typeof PastRun>

/** What was run lately, newest first, and what has a name, by name. */
export const Library = z.object({ history: z.array(PastRun), items: z.array(LibraryItem) })
export type Library = z.infer<typeof Library>

export const mostPast = 100
/** Of all past runs as JSON: what does not fit any more, such as a book, is left out. */
const mostPastCharacters = 2 ** 20

/** A history with more runs in it; of equal ones the latest stays, whichever provider computed it. */
export function withRuns(history: readonly PastRun[], more: readonly PastRun[]): PastRun[] {
  let room = mostPastCharacters
  return eachOnce([...more, ...history])
    .slice(0, mostPast)
    .filter(past => {
      const { length } = JSON.stringify(past)
      if (length > room) return false
      room -= length
      return true
    })
}

/** Each run as it was asked for last, newest first. */
export function eachOnce(runs: readonly PastRun[]): PastRun[] {
  const seen = new Set<string>()
  return runs
    .toSorted((a, b) => b.at - a.at)
    .filter(past => {
      const key = pastKey(past)
      return seen.has(key) ? false : seen.add(key)
    })
}

/** A history without these runs. */
export function withoutRuns(history: readonly PastRun[], gone: readonly PastRun[]): PastRun[] {
  const keys = new Set(gone.map(pastKey))
  return history.filter(past => !keys.has(pastKey(past)))
}

/** The same for equal runs: of one model, input and edits. Other files of a path are another model, whose numbers are others. */
export function pastKey({ source: { model, input, edits } }: Pick<PastRun, 'source'>): string {
  return JSON.stringify([model.path, model.fingerprint, input, edits])
}

/** Items with another in place of the one that had its name, or the name `instead`; sorted by name. */
export function withItem(
  items: readonly LibraryItem[],
  item: LibraryItem,
  instead: string | null
): LibraryItem[] {
  return [
    ...withoutItem(withoutItem(items, item), { ...item, name: instead ?? item.name }),
    item
  ].toSorted((a, b) => byName.compare(a.name, b.name))
}

export function withoutItem(items: readonly LibraryItem[], { kind, name }: ItemRef): LibraryItem[] {
  return items.filter(other => other.kind !== kind || other.name !== name)
}

/** A name that no item of the kind has: the one that is wished, or that with a number. */
export function freeName(items: readonly LibraryItem[], kind: ItemKind, wished: string): string {
  const taken = new Set(items.filter(item => item.kind === kind).map(({ name }) => name))
  const line = firstLetters(wished.replace(/\s+/g, ' ').trim(), 60).trim() || 'Untitled'
  if (!taken.has(line)) return line
  const [, stem = line] = /^(.*?) \d+$/.exec(line) ?? []
  for (let number = 2; ; number++) if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`
}

/** Numbers in names count as numbers; the same order on every machine. */
const byName = new Intl.Collator('en', { numeric: true })
