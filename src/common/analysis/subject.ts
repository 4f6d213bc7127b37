import { z } from 'zod'
import { Edit } from '../model/edit.ts'
import type { RunInput } from '../model/run-input.ts'
import { ModelRef } from '../model/model-ref.ts'
import { ProviderChoice } from '../model/provider.ts'

/** A text, token ids, or a text file or folder of them by its path. */
export const CorpusInput = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ ids: z.array(z.int().min(0)) }),
  z.strictObject({ path: z.string().min(1) })
])
export type CorpusInput = z.infer<typeof CorpusInput>

/** Of what is read the paths of files and folders. */
export function filesIn(inputs: readonly CorpusInput[]): string[] {
  return inputs.flatMap(input => ('path' in input ? [input.path] : []))
}

/** What a model reads, as windows. */
export const Corpus = z.strictObject({
  /** Each is read by itself: no window goes from one into the next. */
  inputs: z.array(CorpusInput).min(1).max(100_000),
  /**
   * Tokens of a window, what the model expects around a text among them. Null: a text and ids are one window each, and
   * files are cut into windows of what the model takes, at most 1,024 tokens.
   */
  window: z.int().min(1).nullable().default(null),
  /** Tokens from the start of one window to the next; null: windows follow one another. */
  stride: z.int().min(1).nullable().default(null),
  /** Each sentence of texts and files is a window by itself, in place of those. */
  sentences: z.literal(true).optional()
})
export type Corpus = z.infer<typeof Corpus>

/** How what is read is cut into windows. */
export const Cut = Corpus.omit({ inputs: true })
export type Cut = z.infer<typeof Cut>

/** The same without all else; undefined where nobody says how. */
export function saidCut({ window, stride, sentences }: Cut): Cut | undefined {
  const isSaid = window !== null || stride !== null || sentences === true
  return isSaid ? { window, stride, ...(sentences && { sentences }) } : undefined
}

/** Texts, token ids or files that are read together, and what they are called. */
export const NamedInputs = z.object({
  name: z.string(),
  inputs: z.array(CorpusInput).min(1).readonly()
})
export type NamedInputs = z.infer<typeof NamedInputs>

/** What a model reads, and with which edits. */
export interface Reading {
  /** Null of what is of the weights alone, and of a corpus. */
  readonly input: RunInput | null
  /** Left out where no corpus is read. */
  readonly corpus?: NamedInputs
  /** How that is cut into windows; left out where nobody says. */
  readonly cut?: Cut
  readonly edits: readonly Edit[]
}

/** What an analysis is of. */
export const AnalysisSubject = z.strictObject({
  model: ModelRef,
  /** Null for the model's weights alone, or for the windows that an analysis brings itself. */
  corpus: Corpus.nullable().default(null),
  edits: z.array(Edit).default([]),
  provider: ProviderChoice.default('auto')
})
export type AnalysisSubject = z.infer<typeof AnalysisSubject>
