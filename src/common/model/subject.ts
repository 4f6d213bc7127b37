import { z } from 'zod'
import { ModelRef } from './model-ref.ts'
import { RunSource } from './run-source.ts'

const Index = z.int().min(0)

/** One cell of a pattern. */
export const Cell = z.object({ query: Index, key: Index })
export type Cell = z.infer<typeof Cell>

/** What is pointed at; either side may be missing. */
export interface Hover {
  readonly query: number | null
  readonly key: number | null
}

/** A part of a model, or of a run of it. What is left out is not spoken of. */
export const Place = z.object({
  layer: Index.optional(),
  head: Index.optional(),
  query: Index.optional(),
  key: Index.optional(),
  neuron: Index.optional(),
  /** By its name in the files. */
  tensor: z.string().optional()
})
export type Place = z.infer<typeof Place>

/** What can be looked at: a model or a run of one, and in it a place. */
export const Subject = z.union([
  z.object({ model: ModelRef, at: Place.default({}) }),
  z.object({ run: RunSource, at: Place.default({}) })
])
export type Subject = z.infer<typeof Subject>

/** What an object is, from the whole to its parts. */
export type ObjectKind = 'model' | 'run' | 'token' | 'block' | 'head' | 'cell' | 'neuron' | 'tensor'

/** What a subject is, by the place that it names. */
export function kindOf(subject: Subject): ObjectKind {
  const { layer, head, query, key, neuron, tensor } = subject.at
  if (tensor !== undefined) return 'tensor'
  if (neuron !== undefined) return 'neuron'
  if (head !== undefined) return query !== undefined && key !== undefined ? 'cell' : 'head'
  if (layer !== undefined) return 'block'
  if (query !== undefined) return 'token'
  return 'run' in subject ? 'run' : 'model'
}

/** An object and what it is part of, the nearest first. */
export const wholes: Readonly<Record<ObjectKind, readonly ObjectKind[]>> = {
  model: ['model'],
  run: ['run', 'model'],
  token: ['token', 'run', 'model'],
  block: ['block', 'run', 'model'],
  head: ['head', 'block', 'run', 'model'],
  cell: ['cell', 'head', 'block', 'run', 'model'],
  neuron: ['neuron', 'block', 'run', 'model'],
  tensor: ['tensor', 'model']
}

/** Tabs of a group share its model, text and selection. */
export const linkGroups = ['A', 'B', 'C', 'D'] as const
export const LinkGroup = z.enum(linkGroups)
export type LinkGroup = z.infer<typeof LinkGroup>

/** Whose text, edits and selection they are: a link group's, or those of a tab that stands alone, by its id. */
export type Scope = string

/** What a tab is about: what its group is about, or a subject that it stays on. */
export const On = z.union([LinkGroup, Subject])
export type On = z.infer<typeof On>

/** What every tab keeps. */
export const TabContext = z.object({
  on: On.catch('A'),
  /** What it is compared with. */
  with: On.nullable().catch(null),
  /** What its view was set to, as that understands it. */
  options: z.record(z.string(), z.unknown()).optional().catch(undefined)
})
export type TabContext = z.infer<typeof TabContext>

/** The model that a subject is, or is a run of. */
export function subjectModel(subject: Subject): ModelRef {
  return 'run' in subject ? subject.run.model : subject.model
}
