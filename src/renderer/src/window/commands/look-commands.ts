import { colorMaps } from '#common/figure/color-table.ts'
import { poolings } from '#common/analysis/pool.ts'
import { valueScales } from '#common/figure/value-scale.ts'
import { directions, rangeModes, themes, useSettings } from '../../stores/settings.ts'
import type { Command } from '../command.ts'

/** How things look. */
export function lookCommands(): Command[] {
  const settings = useSettings()
  const choices = <T extends string>(
    group: string,
    values: readonly T[],
    get: () => T,
    set: (value: T) => void
  ): Command[] =>
    values.map(value => ({
      id: `${group} ${value}`,
      group,
      title: `${group}: ${value.replaceAll('-', ' ')}`,
      enabled: () => get() !== value,
      run: () => set(value)
    }))
  return [
    ...choices(
      'Theme',
      themes,
      () => settings.theme,
      value => (settings.theme = value)
    ),
    ...choices(
      'Colour map',
      colorMaps,
      () => settings.colorMap,
      value => (settings.colorMap = value)
    ),
    ...choices(
      'Scale',
      valueScales,
      () => settings.scale,
      value => (settings.scale = value)
    ),
    ...choices(
      'Range',
      rangeModes,
      () => settings.range,
      value => (settings.range = value)
    ),
    ...choices(
      'Pooling',
      poolings,
      () => settings.pooling,
      value => (settings.pooling = value)
    ),
    ...choices(
      'Reading direction',
      directions,
      () => settings.direction,
      value => (settings.direction = value)
    )
  ]
}
