import type { SteadyWorkload } from './scene.ts'
import { axeFindings, looks, show } from './support/axe.ts'
import { awaitRow, decisionPath, inboxOf, openProposal, proposal } from './support/inbox.ts'
import { product } from './support/product.ts'
import { playSurge } from './support/sandbox.ts'
import { expect, type Page, test } from './support/test.ts'
import { authenticatorCode } from './support/totp.ts'

/** Where each page is, and words that stand on it once it has everything. `axe` where no page of made-up data is asked by axe. */
const plainPages: { name: string; path: string; ready: RegExp; axe?: boolean }[] = [
  { name: 'overview', path: '/', ready: /Chat assistant/ },
  { name: 'inbox', path: inboxOf('no-such-workload'), ready: /Nothing matches/ },
  { name: 'workloads', path: '/workloads', ready: /Chat assistant/ },
  { name: 'workload', path: '/workloads/chat-llm', ready: /chat-llm, team tests/ },
  { name: 'decisions', path: '/decisions', ready: /page me/, axe: true },
  { name: 'policies', path: '/policies', ready: /Chat assistant/, axe: true },
  { name: 'models', path: '/models', ready: /base-0/ },
  { name: 'evaluation', path: '/evaluation', ready: /Counterfactual ledger/ },
  {
    name: 'acceptability',
    path: '/acceptability',
    ready: /How they ended|Nothing has been decided/,
    axe: true,
  },
  { name: 'targets', path: '/targets', ready: /chat-llm-l4/, axe: true },
  { name: 'scenes', path: '/scenes', ready: /Bursting inference/, axe: true },
  { name: 'people', path: '/people', ready: /operator@/, axe: true },
  { name: 'account', path: '/account', ready: /admin@/ },
]

test('every page: no sideways scrolling, nothing in the console, no axe finding', async ({
  operator,
  admin,
  browser,
}) => {
  test.setTimeout(240_000)
  const name: SteadyWorkload = 'page-me'
  await operator.goto(inboxOf(name))
  await playSurge(name)
  await openProposal(operator, name, '6 → 10')
  const detail = new URL(operator.url())
  const path = `${detail.pathname}${detail.search}`
  await inspect(operator, { name: 'inbox-detail', path, ready: /Alternatives/ })
  await operator.keyboard.press('r')
  await operator.getByRole('dialog').getByLabel('Why').fill('read enough')
  await operator.keyboard.press('ControlOrMeta+Enter')
  await expect(proposal(operator)).toContainText('rejected this')
  const decision = await decisionPath(operator)

  for (const page of plainPages) await inspect(admin, page)
  await inspect(admin, { name: 'decision', path: decision, ready: /What the log says/ })
  const stranger = await browser.newContext({ baseURL: product().address })
  await inspect(await stranger.newPage(), { name: 'sign-in', path: '/sign-in', ready: /Sign in/, axe: true })
  await stranger.close()
})

/** Looks at one page, loaded once, in both themes and both layouts. */
async function inspect(
  page: Page,
  { name, path, ready, axe = false }: (typeof plainPages)[number],
): Promise<void> {
  await test.step(name, async () => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(path)
    for (const look of looks) {
      await show(page, look)
      await expect(page.getByRole('main')).toContainText(ready)
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0)
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      const where = `${name}, ${look.theme}, ${look.width} px`
      expect.soft(sideways, `${where}: scrolls sideways`).toBeLessThanOrEqual(0)
      if (axe) expect.soft(await axeFindings(page), where).toEqual([])
    }
    await show(page, looks[0])
    expect.soft(complaints, `the console on ${name}`).toEqual([])
    page.removeAllListeners('console')
    page.removeAllListeners('pageerror')
  })
}

test('the inbox is driven by keyboard alone', async ({ operator }) => {
  const names: SteadyWorkload[] = ['keys-one', 'keys-two']
  await operator.goto(inboxOf('keys-'))
  // One after the other, so that the first is the more urgent.
  for (const name of names) {
    await playSurge(name)
    await awaitRow(operator, name, '6 → 10')
  }
  const current = operator.getByRole('region', { name: 'Proposals' }).locator('a[aria-current="true"]')
  const dialog = operator.getByRole('dialog')
  await operator.keyboard.press('k')
  await expect(current).toContainText('keys-one')
  await operator.keyboard.press('j')
  await expect(current).toContainText('keys-two')
  await operator.keyboard.press('k')
  await expect(current).toContainText('keys-one')

  await operator.keyboard.press('Enter')
  await expect(proposal(operator).getByRole('heading', { level: 2 }).first()).toBeFocused()
  await operator.keyboard.press('a')
  await expect(dialog).toContainText('Approve 6 → 10')
  await operator.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await operator.keyboard.press('o')
  await expect(operator.getByRole('form', { name: 'Override' }).getByLabel('Replicas')).toBeFocused()
  await operator.keyboard.press('Escape')
  await expect(operator.getByRole('form', { name: 'Override' })).toHaveCount(0)
  await operator.keyboard.press('r')
  await expect(dialog).toContainText('Reject #')
  await operator.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await operator.keyboard.press('?')
  await expect(dialog).toContainText('override: change the numbers')
  await operator.keyboard.press('Escape')
  await operator.keyboard.press('ControlOrMeta+k')
  await operator.keyboard.type('decisions')
  await operator.keyboard.press('Enter')
  await expect(operator).toHaveURL(/\/decisions/)
})

test('a decision appears on an open page without a reload', async ({ operator, auditor }) => {
  const name: SteadyWorkload = 'live-one'
  await auditor.goto('/decisions')
  await expect(auditor.getByRole('heading', { name: 'Decisions' })).toBeVisible()
  await auditor.evaluate(() => document.body.setAttribute('data-loaded-once', ''))
  await operator.goto(inboxOf(name))
  await playSurge(name)
  await openProposal(operator, name, '6 → 10')
  await operator.keyboard.press('r')
  await operator.getByRole('dialog').getByLabel('Why').fill('seen elsewhere at once')
  await operator.keyboard.press('ControlOrMeta+Enter')
  await expect(auditor.getByRole('main')).toContainText('seen elsewhere at once')
  await expect(auditor.locator('body[data-loaded-once]')).toHaveCount(1)
})

test('a failed sign-in says so, and leads nowhere', async ({ page }) => {
  const answer = await page.goto('/decisions')
  const policy = answer?.headers()['content-security-policy']
  expect(policy).toMatch(/'nonce-.+object-src 'none'; base-uri 'none'.+frame-ancestors 'none'/)
  await expect(page).toHaveURL(/\/sign-in\?from=%2Fdecisions/)
  await page.getByLabel('E-mail address').fill('operator@example.test')
  await expect(page.getByLabel('Password')).toHaveAttribute('type', 'password')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Not signed in' })).toBeVisible()
  await expect(page).toHaveURL(/\/sign-in/)
})

test('an invitation lets somebody in once, a second factor asks for a code, and signing out ends it on the server', async ({
  admin,
  browser,
}) => {
  await admin.goto('/people')
  await admin.getByRole('button', { name: 'Add a person' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Nora New')
  await dialog.getByLabel('E-mail address').fill('nora@example.test')
  await dialog.getByLabel('auditor').check()
  await dialog.getByRole('button', { name: 'Add the person' }).click()
  const link = await dialog.getByRole('code').innerText()

  const context = await browser.newContext({ baseURL: product().address })
  const page = await context.newPage()
  const password = 'amber violin teapot'
  const accept = async () => {
    await page.goto(link)
    await page.getByLabel('New password', { exact: true }).fill(password)
    await page.getByLabel('New password again').fill(password)
    await page.getByRole('button', { name: 'Set the password and sign in' }).click()
  }
  await accept()
  const you = page.getByRole('button', { name: 'You: Nora New' })
  await expect(you).toBeVisible({ timeout: 60_000 })
  await page.goto('/account')
  await expect(page.getByRole('main')).toContainText('this browser')
  await page.getByRole('button', { name: 'Set one up' }).click()
  await page.getByRole('dialog').getByLabel('Current password').fill(password)
  await page.getByRole('button', { name: 'Go on' }).click()
  const key = await page.getByRole('dialog').getByRole('code').first().innerText()
  const begun = Date.now()
  const code = page.getByRole('textbox', { name: 'Code' })
  await code.fill(authenticatorCode(key, begun))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await expect(page.getByRole('main')).toContainText('10 recovery codes left')

  const asks = () => page.request.get('/api/trpc/session.get').then((answer) => answer.status())
  const stolen = await context.cookies()
  expect(await asks()).toBe(200)
  await you.click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await context.addCookies(stolen)
  expect(await asks()).toBe(401)
  await context.clearCookies()

  await page.goto('/sign-in?from=%2Fdecisions')
  await page.getByLabel('E-mail address').fill('nora@example.test')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(code).toBeVisible()
  expect(await asks()).toBe(401)
  // The next step's code is taken already; the one before was used up.
  await code.fill(authenticatorCode(key, begun + 30_000))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/decisions/)
  await expect(you).toBeVisible()
  // A page that is still open would see its session gone, and leave for the sign-in page on its own.
  await page.goto('about:blank')
  await context.clearCookies()

  await accept()
  await expect(page.getByRole('alert').filter({ hasText: 'This link was used before' })).toBeVisible()
  await context.close()
})

test('a page of another role says who may see it', async ({ operator }) => {
  await operator.goto('/people')
  await expect(operator.getByRole('alert').first()).toContainText(/admin|auditor/)
  await expect(operator.getByRole('button', { name: 'Add a person' })).toHaveCount(0)
})
