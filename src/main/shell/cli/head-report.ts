import { type Dataset, variable } from '#common/data/dataset.ts'
import { numberText } from '#common/text/number-text.ts'

/** A score of a head, and how sure it is; NaN where there is none. */
export interface ReportedScore {
  readonly value: number
  readonly baseline: number
  readonly spread: number
  readonly low: number
  readonly high: number
  readonly p: number
  readonly windows: number
}

export interface ReportedHead {
  readonly layer: number
  readonly head: number
  readonly best_offset: { readonly offset: number; readonly value: number }
  readonly scores: Readonly<Record<string, ReportedScore>>
  /** On random tokens that come twice, where nothing but the repetition tells what comes next. */
  readonly random_repeat: Readonly<Record<(typeof repeatKinds)[number], number>>
}

export const repeatKinds = ['previous', 'duplicate', 'induction'] as const

/** What one half of the windows says of a finding. */
export interface HalfFinding {
  readonly value: number
  readonly baseline: number
  readonly spread: number
  readonly p: number
  /** Windows in which it is above its baseline, of how many. */
  readonly above: number
  readonly windows: number
}

/** The loss without a head: of all predicted tokens, and of those of each class. */
export interface ReportedAblation {
  readonly loss: number
  readonly zero: number
  readonly mean: number
  readonly classes: Readonly<
    Record<string, { readonly loss: number; readonly zero: number; readonly mean: number }>
  >
}

export interface Finding {
  readonly layer: number
  readonly head: number
  readonly score: string
  /** In a line. */
  readonly text: string
  readonly holds: boolean
  readonly found: HalfFinding
  readonly tested: HalfFinding
  readonly ablation: ReportedAblation | null
}

/**
 * What `head-statistics` came to, head by head.
 * @param repeats what `random-repeat` did, of all layers
 */
export function reportedHeads(result: Dataset, repeats: Dataset): ReportedHead[] {
  const names = result.axes['score']!.labels!
  const layers = layersOf(result)
  const nHeads = result.axes['head']!.length
  const heads = layers.length * nHeads
  const of = (name: string, at: number) => result.variables[name]?.data[at] ?? NaN
  return Array.from({ length: heads }, (_, i) => {
    const place = Math.floor(i / nHeads)
    const scoreOf = (score: number): ReportedScore => {
      const at = score * heads + i
      return {
        value: of('value', at),
        baseline: of('baseline', score * layers.length + place),
        spread: of('spread', at),
        low: of('low', at),
        high: of('high', at),
        p: of('p', at),
        windows: of('windows', score)
      }
    }
    return {
      layer: layers[place]!,
      head: i % nHeads,
      best_offset: { offset: of('best_offset', i), value: of('best_offset_value', i) },
      scores: Object.fromEntries(names.map((name, score) => [name, scoreOf(score)])),
      random_repeat: Object.fromEntries(
        repeatKinds.map(kind => [kind, variable(repeats, kind).data[i]!])
      ) as ReportedHead['random_repeat']
    }
  })
}

/**
 * The findings of `head-statistics`, those that hold first.
 * @param ablation of the layers that they are of; null where none was asked for
 */
export function findingsOf(result: Dataset, ablation: Dataset | null): Finding[] {
  const names = result.axes['score']!.labels!
  const count = result.axes['finding']!.length
  const of = (name: string, i: number) => variable(result, `finding.${name}`).data[i]!
  const half = (name: 'found' | 'tested', i: number): HalfFinding => ({
    value: of(`${name}.value`, i),
    baseline: of(`${name}.baseline`, i),
    spread: of(`${name}.spread`, i),
    p: of(`${name}.p`, i),
    above: of(`${name}.above`, i),
    windows: of(`${name}.windows`, i)
  })
  const { least } = result.attributes['params'] as { readonly least: number }
  const findings = Array.from({ length: count }, (_, i) => {
    const [layer, head] = [of('layer', i), of('head', i)]
    const own = {
      ...{ layer, head, score: names[of('score', i)]! },
      holds: of('holds', i) === 1,
      found: half('found', i),
      tested: half('tested', i),
      ablation: ablation === null ? null : ablationOf(ablation, layer, head)
    }
    return { ...own, text: textOf(own, least) }
  })
  return findings.sort((a, b) => Number(b.holds) - Number(a.holds))
}

/** As it is said: by the half that it was tested on. */
function textOf(
  { layer, head, score, holds, tested }: Omit<Finding, 'text'>,
  least: number
): string {
  const { value, spread, baseline, p, above, windows } = tested
  const numbers = `${value.toFixed(2)} ± ${spread.toFixed(2)} (baseline ${baseline.toFixed(2)})`
  const why = value - baseline < least ? `less than ${least} above it` : `p ${numberText(p)}`
  const verdict = holds
    ? `held on ${above} of ${windows} windows`
    : `FAILED on the other half: ${why}`
  return `head ${layer}.${head}: ${score.replaceAll('_', ' ')}, ${numbers}, ${verdict}`
}

function ablationOf(ablation: Dataset, layer: number, head: number): ReportedAblation {
  const nHeads = ablation.axes['head']!.length
  const at = layersOf(ablation).indexOf(layer) * nHeads + head
  const classes = ablation.axes['class']?.labels ?? []
  const of = (name: string, i: number) => ablation.variables[name]?.data[i] ?? NaN
  return {
    loss: of('loss', 0),
    zero: of('zero', at),
    mean: of('mean', at),
    classes: Object.fromEntries(
      classes.map((name, c) => [
        name,
        {
          loss: of('class_loss', c),
          zero: of('zero_class_loss', at * classes.length + c),
          mean: of('mean_class_loss', at * classes.length + c)
        }
      ])
    )
  }
}

/** The layers along the axis: their labels, where it has some. */
function layersOf({ axes }: Dataset): number[] {
  const { length, labels } = axes['layer']!
  return labels === null ? Array.from({ length }, (_, layer) => layer) : labels.map(Number)
}
