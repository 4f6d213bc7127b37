import type { Page } from 'playwright-core'

const enough = 4.5

/** The texts on the page that stand out from what is behind them less than WCAG's AA asks for. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(enough => {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!

    const known = new Map<string, number[]>()
    function rgba(color: string): number[] {
      const before = known.get(color)
      if (before !== undefined) return before
      context.clearRect(0, 0, 1, 1)
      context.fillStyle = color
      context.fillRect(0, 0, 1, 1)
      const found = [...context.getImageData(0, 0, 1, 1).data]
      known.set(color, found)
      return found
    }
    function over(front: number[], back: number[]): number[] {
      const alpha = front[3]! / 255
      return [0, 1, 2].map(i => front[i]! * alpha + back[i]! * (1 - alpha))
    }
    function luminance(color: number[]): number {
      const [r, g, b] = color.map(value => {
        const share = value / 255
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
    }
    function behind(element: Element): number[] {
      const layers: number[][] = []
      for (let at: Element | null = element; at; at = at.parentElement)
        layers.unshift(rgba(getComputedStyle(at).backgroundColor))
      return layers.reduce((back, layer) => over(layer, back), [255, 255, 255])
    }
    function ofText(element: Element): string | null {
      const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
      if (field && element.value === '' && element.placeholder !== '')
        return getComputedStyle(element, '::placeholder').color
      const own = [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''
      )
      return own ? getComputedStyle(element).color : null
    }

    return [...document.querySelectorAll('body *')].flatMap(element => {
      // The style of what is not shown is worked out anew by each question.
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return []
      const exempt = element.closest(':disabled, [data-disabled], .hidden-visually')
      const color = ofText(element)
      if (color === null || exempt) return []
      const back = behind(element)
      const [light, dark] = [luminance(over(rgba(color), back)), luminance(back)].sort(
        (a, b) => b - a
      )
      const contrast = (light! + 0.05) / (dark! + 0.05)
      return contrast < enough ? [`${element.outerHTML.slice(0, 120)}: ${contrast.toFixed(2)}`] : []
    })
  }, enough)
}
