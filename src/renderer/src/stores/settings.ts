import { useMedia } from '../reactive/use-media.ts'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { ColorMap } from '#common/figure/color-table.ts'
import { darkScreen, lightScreen, type Look } from '#common/figure/look.ts'
import type { FirstToken } from '#common/analysis/first-token.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import type { ValueScale } from '#common/figure/value-scale.ts'
import { numberText } from '#common/text/number-text.ts'

export const themes = ['system', 'light', 'dark'] as const
export const rangeModes = ['fixed', 'automatic'] as const
export const comparisons = ['beside', 'difference'] as const
export const directions = ['automatic', 'left-to-right', 'right-to-left'] as const
/** How many significant digits numbers are shown with. */
export const digitCounts = ['2', '3', '4', '5'] as const

export type Theme = (typeof themes)[number]
/** How two patterns are shown: each for itself on one scale, or the first less the second. */
export type Comparison = (typeof comparisons)[number]
export type RangeMode = (typeof rangeModes)[number]
export type Direction = (typeof directions)[number]

/** What is chosen of each setting. */
export interface Chosen {
  theme: Theme
  direction: Direction
  digits: (typeof digitCounts)[number]
  colorMap: ColorMap
  scale: ValueScale
  range: RangeMode
  pooling: Pooling
  firstToken: FirstToken
  comparison: Comparison
}

/** What is chosen until something else is. */
export const defaultSettings: Readonly<Chosen> = {
  theme: 'system',
  direction: 'automatic',
  digits: '3',
  colorMap: 'magma',
  scale: 'sqrt',
  range: 'automatic',
  pooling: 'maximum',
  firstToken: 'shown',
  comparison: 'beside'
}

/** Those that a first start shows. */
export const firstHints: readonly string[] = ['grid', 'text', 'palette']

/** How things look; the same in every view. */
export const useSettings = defineStore('settings', () => {
  const theme = ref(defaultSettings.theme)
  const direction = ref(defaultSettings.direction)
  const digits = ref(defaultSettings.digits)
  const colorMap = ref(defaultSettings.colorMap)
  const scale = ref(defaultSettings.scale)
  const range = ref(defaultSettings.range)
  const pooling = ref(defaultSettings.pooling)
  const firstToken = ref(defaultSettings.firstToken)
  const comparison = ref(defaultSettings.comparison)
  const hints = ref<string[]>([])

  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const dark = computed(() =>
    theme.value === 'system' ? systemDark.value : theme.value === 'dark'
  )

  /** How figures look on the screen, all but the range of their values. */
  const look = computed<Omit<Look, 'range'>>(() => ({
    ...(dark.value ? darkScreen : lightScreen),
    colorMap: colorMap.value,
    scale: scale.value,
    follows: range.value === 'automatic',
    pooling: pooling.value
  }))

  /** The same of figures whose colours stand for no values. */
  const plainLook = computed<Look>(() => ({ ...look.value, range: { low: 0, high: 1 } }))

  function dismissHint(id: string): void {
    hints.value = hints.value.filter(hint => hint !== id)
  }

  return {
    theme,
    direction,
    digits,
    colorMap,
    scale,
    range,
    pooling,
    firstToken,
    comparison,
    hints,
    dark,
    look,
    plainLook,
    /** A number with as many digits as are chosen. */
    numberText: (value: number) => numberText(value, Number(digits.value)),
    dismissHint
  }
})
