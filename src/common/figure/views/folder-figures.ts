import type { HeadContext } from '../../analysis/head-contexts/contexts-of.ts'
import type { HeadVisProfile } from '../../analysis/head-sequences/headvis-profile.ts'
import { axis, type Dataset } from '../../data/dataset.ts'
import { contextLine } from '../../text/context-pieces.ts'
import { lastPart } from '../../text/last-part.ts'
import { counted, numberText } from '../../text/number-text.ts'
import { visibleText } from '../../text/visible-text.ts'
import { leastSeen, type ContextGroup } from '../context-group.ts'
import { contextLines, type ContextLinesData } from '../context-lines.ts'
import type { Look } from '../look.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { scoreHistogram, type ScoreHistogramData } from '../score-histogram.ts'
import type { ViewFigure } from './figure-view.ts'
import { lookParams } from './look-params.ts'

/** A head of a HeadVis folder. */
export interface FolderHead {
  /** Path of the folder. */
  readonly path: string
  readonly layer: number
  readonly head: number
}

/** Sequences of a HeadVis folder as they are written, those of the highest activations first. */
export function folderGroups(
  { parts, facts }: HeadVisProfile,
  look: Look,
  text: (value: number) => string
): ContextGroup<HeadContext>[] {
  const least = leastSeen(look)
  return parts
    .map(({ interval, low, high, sequences, contexts }, bin) => {
      const range = low === high ? text(low) : `${text(low)} to ${text(high)}`
      const left = sequences - contexts.length
      const all = counted(sequences, 'sequence')
      const count = `interval ${interval} of ${facts.intervals}, ${all}${left > 0 ? `, the highest ${contexts.length} shown` : ''}`
      const lines = contexts.map(context => ({
        ...{ context, score: text(context.score) },
        ...contextLine(context, least)
      }))
      return { bin, range, count, label: `${range} · ${count}`, lines: lines.toReversed() }
    })
    .toReversed()
}

/**
 * How the activations of its sequences are distributed; null where its file does not say.
 * @param lit the part that is pointed out, from the lowest
 */
export function folderHistogram(
  { cells, parts, mean }: HeadVisProfile,
  lit: number | null
): ScoreHistogramData | null {
  if (cells.length === 0) return null
  return {
    title: null,
    name: 'activation of sequences',
    counts: 'sequences',
    cells,
    bins: parts.map(({ low, high }) => ({ low, high })),
    lines: mean === null ? [] : [{ name: 'mean', value: mean, faint: false }],
    lit
  }
}

/** Sequences of a folder's head, with what they attend to. */
export function sequencesFigure(
  profile: HeadVisProfile,
  at: FolderHead,
  mirrored: boolean,
  look: Look,
  version: string
): ViewFigure<ContextLinesData, Provenance> {
  const groups = folderGroups(profile, look, numberText)
  const { colors, scale, range } = lookParams(look)
  return {
    what: 'sequences',
    kind: contextLines,
    data: { title: titleOf(at), groups, mirrored },
    from: folderOrigin(profile, at, { form: 'sequences', mirrored, colors, scale, range }, version),
    dataset: () => folderDataset(profile, at)
  }
}

/** How the activations of its sequences are distributed; null where its file does not say. */
export function activationsFigure(
  profile: HeadVisProfile,
  at: FolderHead,
  version: string
): ViewFigure<ScoreHistogramData, Provenance> | null {
  const bars = folderHistogram(profile, null)
  return (
    bars && {
      what: 'distribution',
      kind: scoreHistogram,
      data: { ...bars, title: titleOf(at) },
      from: folderOrigin(profile, at, { form: 'distribution' }, version),
      dataset: () => folderDataset(profile, at)
    }
  )
}

/** What a folder's head is called, such as `tree · Head 1.3`. */
export function titleOf({ path, layer, head }: FolderHead): string {
  return `${visibleText(lastPart(path))} · Head ${layer}.${head}`
}

/** Where what is shown of a folder's head comes from: what the folder says of itself. */
export function folderOrigin(
  { facts }: HeadVisProfile,
  { path, layer, head }: FolderHead,
  params: CommandParams,
  version: string
): Provenance {
  const texts = facts.texts === '' ? '' : ` over ${facts.texts}`
  return {
    version,
    of: {
      model: facts.model,
      fingerprint: facts.fingerprint ?? 'not said',
      ...{ input: null, edits: [], provider: '' },
      place: `Head ${layer}.${head}${texts}, as a HeadVis folder tells`
    },
    ...{ less: null, precision: 'float32' },
    again: { view: 'headvis', folder: path, params: { layer, head, ...params } }
  }
}

/** What is shown of a folder's head, a row a sequence, with its numbers as attributes. */
export function folderDataset(
  { parts, facts, numbers }: HeadVisProfile,
  { layer, head }: FolderHead
): Dataset {
  const rows = parts.flatMap(({ interval, contexts }) =>
    contexts.map(context => ({ interval, ...context }))
  )
  const column = (of: (row: (typeof rows)[number]) => number, about: string) => ({
    axes: ['sequence'],
    data: Float64Array.from(rows, of),
    ...{ unit: '', about }
  })
  return {
    axes: { sequence: axis(rows.map(({ label }) => label)) },
    variables: {
      interval: column(({ interval }) => interval, 'which part of the range, from 1, the lowest'),
      activation: column(({ score }) => score, 'of the sequence'),
      query: column(({ query }) => query, 'where its largest weight is, from 0'),
      key: column(({ strongest }) => strongest.key, 'that it is on'),
      weight: column(({ strongest }) => strongest.weight, 'A[query, key]')
    },
    attributes: {
      ...{ model: facts.model, texts: facts.texts, layer, head },
      numbers: Object.fromEntries(numbers.map(({ name, value }) => [name, value]))
    }
  }
}
