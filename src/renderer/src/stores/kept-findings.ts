import { z } from 'zod'
import { ModelRef } from '#common/model/model-ref.ts'
import { useSession } from './session.ts'

/** Null where there is no such number. */
const Value = z.number().nullable()
const Half = z.object({
  value: Value,
  baseline: Value,
  above: Value,
  spread: Value,
  p: Value,
  windows: z.number()
})

/** A finding of the head atlas, as it was when it was kept. */
export const KeptFinding = z.object({
  kind: z.literal('head'),
  id: z.string().min(1),
  /** When it was kept, in milliseconds since 1970. */
  at: z.number(),
  /** Of the Lamella that found it. */
  version: z.string(),
  model: ModelRef,
  modelName: z.string(),
  /** What it was found in, and how much of that was read. */
  over: z.string(),
  layer: z.int().min(0),
  head: z.int().min(0),
  score: z.string(),
  text: z.string(),
  holds: z.boolean(),
  found: Half,
  tested: Half,
  /** The loss with the head, and what it is without; null where that was not computed. */
  loss: z.object({ loss: Value, zero: Value, mean: Value }).nullable()
})
export type KeptFinding = z.infer<typeof KeptFinding>

/** The findings that this version can show, newest first. */
export function keptFindings(): KeptFinding[] {
  return useSession()
    .findings.flatMap(finding => KeptFinding.safeParse(finding).data ?? [])
    .toSorted((a, b) => b.at - a.at)
}

export function keepFinding(finding: Omit<KeptFinding, 'id' | 'at' | 'kind'>): void {
  const session = useSession()
  const own = { ...finding, kind: 'head' as const, id: crypto.randomUUID(), at: Date.now() }
  // As a file has it: what is no number is null.
  session.findings = [...session.findings, JSON.parse(JSON.stringify(own)) as never]
}

/** The finding that says the same of the same head; null where none was kept. */
export function keptAlike(
  finding: Pick<KeptFinding, 'model' | 'layer' | 'head' | 'text' | 'over'>
): KeptFinding | null {
  return (
    keptFindings().find(
      kept =>
        kept.model.path === finding.model.path &&
        kept.layer === finding.layer &&
        kept.head === finding.head &&
        kept.text === finding.text &&
        kept.over === finding.over
    ) ?? null
  )
}

export function dropFinding(id: string): void {
  const session = useSession()
  session.findings = session.findings.filter(
    finding => KeptFinding.safeParse(finding).data?.id !== id
  )
}
