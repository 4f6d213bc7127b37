/** Millimetres of an inch, and the units that an inch has of each. */
const perInch = { mm: 25.4, px: 96, pt: 72 } as const

/** CSS pixels of so many millimetres. */
export function pixelsOfMm(mm: number): number {
  return (mm / perInch.mm) * perInch.px
}

/** Millimetres of so many CSS pixels. */
export function mmOfPixels(pixels: number): number {
  return (pixels / perInch.px) * perInch.mm
}

/** CSS pixels of so many points of 1/72 inch. */
export function pixelsOfPoints(points: number): number {
  return (points / perInch.pt) * perInch.px
}

/** Points of 1/72 inch of so many CSS pixels. */
export function pointsOfPixels(pixels: number): number {
  return (pixels / perInch.px) * perInch.pt
}

/** Dots along so many millimetres, a whole number. */
export function dotsOfMm(mm: number, dpi: number): number {
  return Math.max(1, Math.round((mm / perInch.mm) * dpi))
}
