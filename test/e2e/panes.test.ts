import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveWindow, type ServedWindow } from "./served-window.ts";

let served: ServedWindow;
let page: Page;
beforeAll(async () => {
  served = await serveWindow({ viewport: { width: 1280, height: 800 } });
  page = served.page;
  await page.getByRole("application", { name: "81 tokens" }).waitFor();
});
afterAll(() => served.close());

const tab = (title: string) => page.getByRole("tab").filter({ hasText: title });
const shown = () => page.getByRole("tabpanel").filter({ visible: true });
const about = () =>
  page.getByRole("complementary", { name: "About this view" });
const config = () => page.getByRole("region", { name: "Config" });

/** The name or the text of what has the focus. */
function focused(): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element, body } = document;
    if (element === null || element === body) return "nothing";
    return element.getAttribute("aria-label") ?? element.textContent;
  });
}

describe("About", () => {
  it("leaves the overview whole", async () => {
    await tab("Overview").click();
    await config().getByText("width of the residual stream").waitFor();
    await shown().getByRole("button", { name: "About", exact: true }).click();
    await about().waitFor();
    const panel = (await about().boundingBox())!;
    const value = (await config()
      .getByText("192", { exact: true })
      .boundingBox())!;
    expect(value.x + value.width).toBeLessThan(panel.x);
  });

  it("tells a width in one line", async () => {
    const heights = await config()
      .locator("dl > *")
      .evaluateAll((cells) => cells.map(({ clientHeight }) => clientHeight));
    expect(Math.max(...heights)).toBe(Math.min(...heights));
  });

  it("closes with Esc wherever the focus is in the view", async () => {
    await config().locator("summary").focus();
    await page.keyboard.press("Escape");
    await about().waitFor({ state: "detached" });
  });

  it("stays while Esc empties a search or closes a dialog", async () => {
    await shown().getByRole("button", { name: "About", exact: true }).click();
    const search = shown().getByRole("searchbox", { name: "Filter tensors" });
    await search.fill("wte");
    await page.keyboard.press("Escape");
    expect(await search.inputValue()).toBe("");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await about().getByRole("heading", { name: "Formula" }).waitFor();
    await about().getByRole("button", { name: "Close About" }).focus();
    await page.keyboard.press("Escape");
    await about().waitFor({ state: "detached" });
    expect(await focused()).toBe("About");
  });
});
