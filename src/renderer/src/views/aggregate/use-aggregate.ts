import { computed, type Ref } from 'vue'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import { aggregateUnits, rolloutUnit } from '#common/figure/views/pattern-views.ts'
import { widestVisibility } from '#common/model/visibility.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useReadingDirection } from '../../reactive/use-reading-direction.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { aggregateOf, patternOf, rolloutOf, type PatternTensor } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import { useSettings } from '../../stores/settings.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { extentInTurns } from '../../ui/attention-map/extent-in-turns.ts'
import type { PatternSource, ShownPattern } from '../../ui/attention-map/pattern.ts'
import { inputText } from '#common/text/input-text.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { foundHeads, type FoundHeads, type HeadSelection } from './selection.ts'

interface Wanted {
  readonly model: ModelInfo
  readonly run: Run
  readonly layer: number
  readonly how: HeadSelection['how']
  readonly found: FoundHeads
  readonly firstHidden: boolean
}

/** Some heads of a subject together; of no subject, none. */
export function useAggregate(
  subject: () => ViewSubject | null,
  selection: () => HeadSelection
): PatternSource & { readonly asked: Ref<Asked<PatternTensor> | null> } {
  const results = useResults()
  const settings = useSettings()
  const streaming = useStreaming()

  const found = computed(() => {
    const { model, layer = 0, head = 0 } = subject() ?? {}
    const { nLayers = 1, nHeads = 1 } = model?.config ?? {}
    return foundHeads(selection(), { layer, head, nLayers, nHeads })
  })
  const missing = computed(() => {
    const { model } = subject() ?? {}
    if (!model) return null
    const [without] = found.value.layers.flatMap(layer => missingPattern(model, layer) ?? [])
    return without ?? (found.value.fault || null)
  })
  const lastLayer = computed(() => Math.max(0, ...found.value.layers))
  const unasked = computed(() => {
    const { run } = subject() ?? {}
    return !!run && missing.value === null && !streaming.mayAsk(run, lastLayer.value)
  })
  const wanted = computed<Wanted | null>(() => {
    const { model, run, layer } = subject() ?? {}
    if (!model || !run || layer === undefined || missing.value !== null || unasked.value)
      return null
    const { how } = selection()
    const firstHidden = settings.firstToken === 'hidden' && how !== 'rollout'
    return { model, run, layer, how, found: found.value, firstHidden }
  })
  const asked = computed(() => wanted.value && askedFor(wanted.value))
  const latest = useLatest<Wanted, ShownPattern>(
    () => wanted.value,
    async (wanted, signal) => {
      return shownOf(wanted, await results.ask(askedFor(wanted), signal))
    }
  )
  const mirrored = useReadingDirection(() =>
    latest.value.value ? inputText(latest.value.value.run.source.input) : ''
  )
  return {
    name: computed(() => found.value.name),
    missing,
    unasked,
    lastLayer,
    latest,
    shown: latest.value,
    mirrored,
    asked
  }
}

function askedFor({ run, layer, how, found, firstHidden }: Wanted): Asked<PatternTensor> {
  const firstToken = firstHidden ? 'hidden' : 'shown'
  if (how === 'rollout') return rolloutOf(run, layer)
  const [only] = found.heads ?? []
  // Of one head it is that head's pattern, which other views have, too.
  if (found.heads?.length === 1) return patternOf(run, only![0], only![1], firstToken)
  return aggregateOf(run, { how, heads: found.heads, firstToken }, found.name)
}

async function shownOf(wanted: Wanted, { data, precision }: PatternTensor): Promise<ShownPattern> {
  const { model, run, how, found, firstHidden } = wanted
  const size = run.tokens.length
  const layers = found.layers
    .map(layer => model.visibility?.[layer])
    .filter(known => known !== undefined)
  const widest = widestVisibility(layers)
  const isAlike = layers.every(({ reach }) => reach === widest?.reach)
  // From layer to layer it goes beyond windows.
  const visibility = how === 'rollout' && widest ? { ...widest, reach: null } : widest
  return {
    ...{ model, run, name: found.name, data, precision, visibility, firstHidden },
    again: againOf(wanted),
    unit: found.heads?.length === 1 ? null : units[how],
    tokens: writtenTokens(run),
    baseline: how !== 'rollout' && isAlike,
    extent: await extentInTurns(data, size, visibility, firstHidden)
  }
}

/** What the values of each are called. */
const units: Readonly<Record<HeadSelection['how'], string>> = {
  ...aggregateUnits,
  rollout: rolloutUnit
}

/** What the command line knows it by. */
function againOf({ how, layer, found: { heads } }: Wanted): FigureCommand {
  if (how === 'rollout') return { view: 'rollout', params: { layer } }
  const [only] = heads ?? []
  if (heads?.length === 1) return { view: 'attention', params: { layer: only![0], head: only![1] } }
  return { view: 'aggregate', params: { how, heads } }
}
