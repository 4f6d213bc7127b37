import { z } from 'zod'
import { Json } from '../../model/json.ts'
import { ItemName } from '../../model/library.ts'
import { ModelRef } from '../../model/model-ref.ts'
import { Moment } from '../../model/moment.ts'
import { AnalysisSubject } from '../subject.ts'

/** Null where there is no such number. */
const Value = z.number().nullable()
/** NaN where there is no such number. */
const Loss = Value.transform(value => value ?? NaN)
const ClassLosses = z.object({ tokens: z.number(), loss: Loss, zero: Loss, mean: Loss })
const Half = z.object({
  value: Value,
  baseline: Value,
  above: Value,
  spread: Value,
  p: Value,
  windows: z.number()
})

/** What a finding was found in, as `head-statistics` was asked for it by its model. */
export const FindingAsked = z.object({
  params: Json,
  of: AnalysisSubject.omit({ model: true })
})
export type FindingAsked = z.infer<typeof FindingAsked>

/** A finding of the head atlas, as it was when it was kept. */
export const KeptFinding = z.object({
  kind: z.literal('head'),
  id: z.string().min(1),
  /** When it was kept. */
  at: Moment,
  /** Of the Lamella that found it. */
  version: z.string(),
  model: ModelRef,
  modelName: z.string(),
  /** What it was found in, and how much of that was read. */
  over: z.string(),
  /** The corpus of that, by its name; null of a text, and where an earlier version kept it. */
  corpus: ItemName.nullable().default(null),
  /** All of that, to be asked again; left out where that is long, and where an earlier version kept it. */
  asked: FindingAsked.exactOptional(),
  layer: z.int().min(0),
  head: z.int().min(0),
  score: z.string(),
  text: z.string(),
  holds: z.boolean(),
  found: Half,
  tested: Half,
  /** The loss with the head, and what it is without; null where that was not computed. */
  loss: z
    .object({
      ...{ loss: Value, zero: Value, mean: Value },
      /** Of the tokens of each class; none where an earlier version kept it. */
      classes: z.record(z.string(), ClassLosses).default({})
    })
    .nullable()
})
export type KeptFinding = z.infer<typeof KeptFinding>

const OfCorpus = z.object({ corpus: ItemName }).catchall(Json)

/** The findings of a session that this version can show, newest first. */
export function keptFindings(findings: readonly unknown[]): KeptFinding[] {
  return findings
    .flatMap(finding => KeptFinding.safeParse(finding).data ?? [])
    .toSorted((a, b) => b.at - a.at)
}

/** A finding, which a later version may have kept, that was found in the same corpus under another name. */
export function findingReadAs(
  finding: z.output<typeof Json>,
  nameOf: (name: string) => string
): z.output<typeof Json> {
  const read = OfCorpus.safeParse(finding).data
  return read === undefined ? finding : { ...read, corpus: nameOf(read.corpus) }
}
