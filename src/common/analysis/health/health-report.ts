import { z } from 'zod'
import type { Dataset } from '../../data/dataset.ts'
import { findingKinds, type FindingKind } from './findings.ts'

const Kind = z.enum(Object.keys(findingKinds) as [FindingKind, ...FindingKind[]])

const HealthReport = z.object({
  verdict: z.enum(['trained', 'untrained', 'partly untouched']),
  findings: z
    .array(
      z.object({
        kind: Kind,
        tensor: z.string().nullable(),
        value: z.number(),
        text: z.string(),
        places: z.array(z.number()).readonly()
      })
    )
    .readonly(),
  checks: z
    .array(
      z.object({
        kind: Kind,
        title: z.string(),
        threshold: z.number(),
        reason: z.string(),
        tensors: z.number(),
        found: z.number()
      })
    )
    .readonly(),
  /** What was not read whole, in words. */
  sampled: z.string().optional()
})

/** What `health` says in words. */
export type HealthReport = z.output<typeof HealthReport>

/** @throws ZodError when the result is not of `health` */
export function healthReportOf({ attributes }: Dataset): HealthReport {
  return HealthReport.parse(attributes)
}
