import type { HeadMapData } from '#common/figure/head-map.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'

/** One map on the screen. */
export interface ShownMap {
  readonly key: 'own' | 'other'
  readonly caption: string
  /** What a click on it selects in. */
  readonly subject: ViewSubject
  readonly data: HeadMapData
}
