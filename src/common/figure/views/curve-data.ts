import type { AtlasHead, HeadAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import type { OffsetCurveData } from '../offset-curve.ts'

/** Where a head of an atlas looks, by how far back. */
export function curveData(
  { isDifference }: HeadAtlas,
  { curve, uniformCurve, bestOffset }: AtlasHead
): OffsetCurveData {
  return {
    title: null,
    quantity: isDifference ? 'difference' : 'weight',
    values: Array.from(curve),
    uniform: uniformCurve && Array.from(uniformCurve),
    best: Number.isNaN(bestOffset.offset) ? null : bestOffset.offset
  }
}
