import { type Browser, test as base, type Page } from '@playwright/test'
import type { Role } from '../../server/kernel/roles.ts'
import { product, sessionFile } from './product.ts'

export { expect, type Page } from '@playwright/test'

/** Opens a page of somebody who is signed in, in a browser context of its own. */
async function pageOf(browser: Browser, role: Role, use: (page: Page) => Promise<void>): Promise<void> {
  const { address, dataDir } = product()
  const context = await browser.newContext({
    baseURL: address,
    storageState: sessionFile(dataDir, role),
  })
  await use(await context.newPage())
  await context.close()
}

/** Tests against the one product. `operator`, `admin` and `auditor`: a page of such a person, signed in. */
export const test = base.extend<Record<Role, Page>>({
  baseURL: async ({ browserName: _ }, use) => use(product().address),
  operator: ({ browser }, use) => pageOf(browser, 'operator', use),
  admin: ({ browser }, use) => pageOf(browser, 'admin', use),
  auditor: ({ browser }, use) => pageOf(browser, 'auditor', use),
})
