import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { describe, expect, it } from 'vitest'
import { mostMarkdown } from '#common/text/markdown.ts'
import { markdownNodes } from '../../../src/renderer/src/ui/markdown/markdown-nodes.ts'

/** As the page has it, without what is the same on all blocks. */
async function page(text: string): Promise<string> {
  const html = await renderToString(createSSRApp(() => markdownNodes(text, () => undefined)))
  return html.replaceAll(' dir="auto"', '').replace(/<!--.*?-->/g, '')
}

describe('a text in Markdown', () => {
  it('has headings, emphasis, code, lists, quotes and tables', async () => {
    expect(await page('# Heads\n\n*two* **of** `four` ~~five~~')).toBe(
      '<h4>Heads</h4><p><em>two</em> <strong>of</strong> <code>four</code> <s>five</s></p>'
    )
    expect(await page('- one\n- two')).toBe('<ul><li>one</li><li>two</li></ul>')
    expect(await page('3. three\n4. four')).toBe('<ol start="3"><li>three</li><li>four</li></ol>')
    expect(await page('> said\n> so')).toBe('<blockquote><p>said<br>so</p></blockquote>')
    expect(await page('```js\na < b\n```')).toBe('<pre tabindex="0"><code>a &lt; b\n</code></pre>')
    expect(await page('|a|b|\n|-|-|\n|1|2|')).toBe(
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>'
    )
  })

  it('has marks of lists, bars of quotes and columns at the side where its letters begin', async () => {
    expect(await page('- אחת\n- one')).toBe('<ul dir="rtl"><li>אחת</li><li>one</li></ul>')
    expect(await page('> 1. נאמר')).toMatch(/^<blockquote dir="rtl"><ol dir="rtl"/)
    expect(await page('|א|b|\n|-|-|\n|1|2|')).toMatch(
      /^<table dir="rtl"><thead dir="rtl"><tr dir="rtl"><th>א/
    )
    expect(await page('> said\n> - שלום')).toMatch(/^<blockquote><p>said<\/p>/)
  })

  it('is never markup of the page', async () => {
    const html = await page(
      '<img src=x onerror=alert(1)>\n\nA <b onclick=x>bold</b> <script>1</script>'
    )
    expect(html).not.toMatch(/<(img|b|script)/)
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(
      await page('[a](javascript:alert(1)) [b](data:text/html,x) [c](file:///etc/passwd)')
    ).not.toMatch(/<a/)
  })

  it('fetches no picture: it is a link', async () => {
    expect(await page('![a map](https://example.org/map.png)')).toMatch(
      /^<p><a href="https:\/\/example.org\/map.png"[^>]*>a map<\/a><\/p>$/
    )
  })

  it('stands as it was written where it is very long', async () => {
    expect(await page('*'.repeat(mostMarkdown + 1))).toMatch(/^<p class="plain">\*+<\/p>$/)
  })
})
