import type { AtlasHead } from '../../analysis/head-atlas/head-atlas.ts'
import type { OffsetCurveData } from '../offset-curve.ts'

/** Where a head looks, by how far back. */
export function curveData({ curve, uniformCurve, bestOffset }: AtlasHead): OffsetCurveData {
  return {
    title: null,
    values: Array.from(curve),
    uniform: uniformCurve && Array.from(uniformCurve),
    best: Number.isNaN(bestOffset.offset) ? null : bestOffset.offset
  }
}
