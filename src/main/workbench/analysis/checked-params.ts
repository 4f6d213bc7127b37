import type { AnalysisFacts } from '#common/analysis/analysis.ts'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { AnalysisSubject } from '#common/analysis/subject.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { LamellaError } from '#common/model/errors.ts'

/** Params with their defaults. @throws LamellaError `invalid-argument` naming the first fault, and the params there are */
export function checkedParams<P>({ name, params }: AnalysisFacts<P>, given: unknown): P {
  const parsed = params.safeParse(given, { reportInput: true })
  if (parsed.success) return parsed.data
  const { properties = {} } = paramsSchema(params)
  const known = Object.keys(properties).join(', ')
  throw new LamellaError(
    'invalid-argument',
    `${name}: ${firstFault(parsed.error)}`,
    known === '' ? 'It has no params.' : `Its params are ${known}.`
  )
}

/** @throws LamellaError `invalid-argument` where there is one subject for two, or two for one */
export function checkSubjects(
  { name, compares, of }: Pick<AnalysisFacts, 'name' | 'compares' | 'of'>,
  other: AnalysisSubject | null
): void {
  if (compares === (other !== null)) return
  throw new LamellaError(
    'invalid-argument',
    compares
      ? `${name}: compares two subjects, and there is one`
      : `${name}: is of one subject, not of two`,
    compares
      ? `Give a second model${of === 'weights' ? '' : ', or the same one with edits'}.`
      : undefined
  )
}
