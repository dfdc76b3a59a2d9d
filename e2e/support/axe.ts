import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** How a page is looked at. Together the two cover both themes and both layouts; colours do not follow the width. */
export const looks = [
  { theme: 'light', width: 1440, height: 900 },
  { theme: 'dark', width: 390, height: 844 },
] as const
export type Look = (typeof looks)[number]

/** Shows an open page in a theme and at a width, without loading it again. */
export async function show(page: Page, { theme, width, height }: Look): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme: theme })
  await page.locator(`html.${theme}`).waitFor({ state: 'attached' })
}

/** What axe finds on a page that has no frames of other origins: one line per rule, with the elements. */
export async function axeFindings(page: Page): Promise<string[]> {
  // In parts, for frames of other origins, axe takes twice as long; so does listing what passes.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}
