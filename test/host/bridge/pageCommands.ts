import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page as PlaywrightPage } from 'playwright-core';
import type { Page } from './protocol.ts';

/**
 * The page's commands, carried out with Playwright. The page is asked for when it is first needed: the desktop program
 * has one only after it has started.
 */
export function pageCommands(open: () => Promise<PlaywrightPage>, screenshots: string): Page {
  const first = async (selector: string): Promise<Locator> => (await open()).locator(selector).first();
  return {
    type: async (text) => (await open()).keyboard.type(text),
    press: async (key) => (await open()).keyboard.press(key),
    click: async (selector) => (await first(selector)).click(),
    hover: async (selector) => (await first(selector)).hover(),
    hoverCode: async (word) => {
      const page = await open();
      const token = page.locator('.editor-instance .view-line > span > span', { hasText: word }).first();
      // An editor shows its hover where the mouse moves on the text, not where it already rests.
      await token.hover({ position: { x: 1, y: 1 } });
      await token.hover();
    },
    waitFor: async (selector) => (await first(selector)).waitFor({ state: 'visible' }),
    waitUntilGone: async (selector) => (await first(selector)).waitFor({ state: 'hidden' }),
    text: async (selector) => {
      const element = await first(selector);
      await element.waitFor({ state: 'visible' });
      const [text = ''] = await readTexts(element);
      return text;
    },
    texts: async (selector) => readTexts((await open()).locator(selector)),
    attribute: async (selector, name) => (await first(selector)).getAttribute(name),
    style: async (selector, property, pseudoElement) =>
      (await first(selector)).evaluate<string, readonly [string, string | undefined]>(computedStyle, [
        property,
        pseudoElement,
      ]),
    screenshot: async (name) => {
      const file = path.join(screenshots, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
      await mkdir(screenshots, { recursive: true });
      await (await open()).screenshot({ path: file });
      return file;
    },
  };
}

/** The texts as a person reads them: an editor draws its blanks as no-break spaces. */
async function readTexts(elements: Locator): Promise<string[]> {
  const texts = await elements.allInnerTexts();
  return texts.map((text) => text.replaceAll('\u00a0', ' '));
}

/** Runs in the page, whose types we do not have here. */
const computedStyle = '(element, [property, pseudo]) => getComputedStyle(element, pseudo).getPropertyValue(property)';
