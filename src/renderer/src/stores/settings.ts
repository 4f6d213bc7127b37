import { usePreferredDark } from '../reactive/use-preferred-dark.ts'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { ColorMap } from '#common/figure/color-table.ts'
import { darkScreen, lightScreen, type Look } from '#common/figure/look.ts'
import type { ValueScale } from '#common/figure/value-scale.ts'

export const themes = ['system', 'light', 'dark'] as const
export const rangeModes = ['fixed', 'automatic'] as const
export const directions = ['automatic', 'left-to-right', 'right-to-left'] as const

export type Theme = (typeof themes)[number]
export type RangeMode = (typeof rangeModes)[number]
export type Direction = (typeof directions)[number]

/** How things look; the same in every view. */
export const useSettings = defineStore('settings', () => {
  const theme = ref<Theme>('system')
  const colorMap = ref<ColorMap>('magma')
  const scale = ref<ValueScale>('sqrt')
  const range = ref<RangeMode>('fixed')
  const direction = ref<Direction>('automatic')
  const hints = ref<string[]>([])

  const systemDark = usePreferredDark()
  const dark = computed(() =>
    theme.value === 'system' ? systemDark.value : theme.value === 'dark'
  )

  /** How figures look on the screen, all but the range of their values. */
  const look = computed<Omit<Look, 'range'>>(() => ({
    ...(dark.value ? darkScreen : lightScreen),
    colorMap: colorMap.value,
    scale: scale.value
  }))

  function dismissHint(id: string): void {
    hints.value = hints.value.filter(hint => hint !== id)
  }

  return { theme, dark, look, colorMap, scale, range, direction, hints, dismissHint }
})
