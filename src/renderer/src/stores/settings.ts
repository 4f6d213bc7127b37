import { useMedia } from '../reactive/use-media.ts'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { ColorMap } from '#common/figure/color-table.ts'
import { darkScreen, lightScreen, type Look } from '#common/figure/look.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import type { ValueScale } from '#common/figure/value-scale.ts'

export const themes = ['system', 'light', 'dark'] as const
export const rangeModes = ['fixed', 'automatic'] as const
export const comparisons = ['beside', 'difference'] as const
export const directions = ['automatic', 'left-to-right', 'right-to-left'] as const

export type Theme = (typeof themes)[number]
/** How two patterns are shown: each for itself on one scale, or the first less the second. */
export type Comparison = (typeof comparisons)[number]
export type RangeMode = (typeof rangeModes)[number]
export type Direction = (typeof directions)[number]

/** How things look; the same in every view. */
export const useSettings = defineStore('settings', () => {
  const theme = ref<Theme>('system')
  const colorMap = ref<ColorMap>('magma')
  const scale = ref<ValueScale>('sqrt')
  const range = ref<RangeMode>('automatic')
  const pooling = ref<Pooling>('maximum')
  const comparison = ref<Comparison>('beside')
  const direction = ref<Direction>('automatic')
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

  function dismissHint(id: string): void {
    hints.value = hints.value.filter(hint => hint !== id)
  }

  return {
    theme,
    dark,
    look,
    colorMap,
    scale,
    range,
    pooling,
    comparison,
    direction,
    hints,
    dismissHint
  }
})
