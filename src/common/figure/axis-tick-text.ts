/** A number at an axis, with a minus and not a hyphen. */
export function axisTickText(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 12 }).replace('-', '−')
}
