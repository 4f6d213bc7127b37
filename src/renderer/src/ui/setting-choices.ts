import { colorMaps, type ColorMap } from '#common/figure/color-table.ts'
import { firstTokens } from '#common/analysis/first-token.ts'
import { poolings } from '#common/analysis/pool.ts'
import { valueScaleFormulas, valueScales } from '#common/figure/value-scale.ts'
import {
  comparisons,
  digitCounts,
  directions,
  rangeModes,
  themes,
  type Chosen
} from '../stores/settings.ts'

export interface ChoiceOption<T extends string = string> {
  readonly value: T
  readonly text: string
  /** What it comes to. */
  readonly note: string
}

/** A setting that is one of a few. */
export interface SettingChoice<T extends string = string> {
  readonly label: string
  readonly note: string
  readonly options: readonly ChoiceOption<T>[]
}

const colorNames: Readonly<Record<ColorMap, string>> = {
  magma: 'Magma',
  viridis: 'Viridis',
  cividis: 'Cividis',
  greys: 'Greys'
}

/** What each setting is called, what it is of, and what there is to choose from. */
export const settingChoices: { readonly [K in keyof Chosen]: SettingChoice<Chosen[K]> } = {
  theme: {
    label: 'Theme',
    note: 'The window in light or dark.',
    options: of(themes, {
      system: ['System', 'as the system has it'],
      light: ['Light', ''],
      dark: ['Dark', '']
    })
  },
  direction: {
    label: 'Reading direction',
    note: 'Of tokens in the line above the views and along the axes of maps.',
    options: of(directions, {
      automatic: ['Automatic', 'that of the text'],
      'left-to-right': ['Left to right', ''],
      'right-to-left': ['Right to left', '']
    })
  },
  digits: {
    label: 'Significant digits',
    note: 'Of weights, scores and probabilities in the window. Copies and files have all digits.',
    options: digitCounts.map(value => ({
      value,
      text: value,
      note: (1 / 7).toPrecision(Number(value))
    }))
  },
  colorMap: {
    label: 'Colour map',
    note: 'Of weights. Zero has the colour of the background.',
    options: colorMaps.map(value => ({ value, text: colorNames[value], note: '' }))
  },
  scale: {
    label: 'Scale',
    note: 'How weights become colours: the others bring out small ones.',
    options: of(valueScales, {
      linear: ['Linear', valueScaleFormulas.linear],
      log1p: ['Log1p', valueScaleFormulas.log1p],
      sqrt: ['Square root', valueScaleFormulas.sqrt]
    })
  },
  range: {
    label: 'Range',
    note: 'Which weight has the last colour.',
    options: of(rangeModes, {
      fixed: ['Fixed 0–1', 'all maps alike'],
      automatic: ['Of the values', 'from 0 to the highest of each map']
    })
  },
  pooling: {
    label: 'Pooling',
    note: 'What a pixel shows where cells are smaller than a pixel.',
    options: of(poolings, {
      maximum: ['Maximum', 'a pixel shows its highest weight'],
      mean: ['Mean', 'a pixel shows the mean of its weights']
    })
  },
  firstToken: {
    label: 'First token',
    note: 'Whether maps have the first key, on which many heads rest what they do not need elsewhere.',
    options: of(firstTokens, {
      shown: ['Shown', ''],
      hidden: ['Hidden', 'the rest renormalised']
    })
  },
  comparison: {
    label: 'Comparison',
    note: 'How two heads, texts, models or edits are compared.',
    options: of(comparisons, {
      beside: ['Side by side', 'on one scale'],
      difference: ['Difference', 'where shapes agree']
    })
  }
}

function of<T extends string>(
  values: readonly T[],
  words: Readonly<Record<T, readonly [text: string, note: string]>>
): ChoiceOption<T>[] {
  return values.map(value => ({ value, text: words[value][0], note: words[value][1] }))
}
