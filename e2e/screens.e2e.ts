import { expect, test } from '@playwright/test'
import type { Role } from '../server/kernel/roles.ts'
import { cluster } from './fixtures/connections.ts'
import { answer, Refusal } from './fixtures/mock-api.ts'
import { spotOffering } from './fixtures/places.ts'
import { decisionRow } from './fixtures/proposals.ts'
import { moveRow } from './fixtures/sagas.ts'
import { rowsOf, status as statusOfAll, world } from './fixtures/world.ts'
import { axeFindings, looks, show } from './support/axe.ts'
import { servePages } from './support/pages.ts'

/** The pages beside the inbox against typed answers: what people see and press, in states that a real system reaches seldom. */
const { open } = servePages()

test('the numbers behind a chart can be read as a table', async ({ page }) => {
  await open(page, '/workloads/chat-llm')
  await page.getByRole('button', { name: 'Demand and capacity: show the numbers' }).click()
  const table = page.getByRole('region', { name: 'Demand and capacity, as numbers' })
  await expect(table.getByRole('columnheader', { name: 'median' })).toBeVisible()
  expect(await table.getByRole('row').count()).toBeGreaterThan(50)
})

test('a past forecast is stepped through by keys, beside what came of it, and made again', async ({
  page,
}) => {
  await open(page, '/workloads/chat-llm')
  await expect(page.getByText('forecast of 40')).toBeVisible()
  await page.keyboard.press('b')
  const then = page.getByRole('region', { name: 'Forecast then, measured now' })
  await expect(then).toContainText(/93.% of what came was within its 90.% interval \(56 of 60\)/)
  await expect(page).toHaveURL(/at=2026-11-22T13:26:00/)
  await page.keyboard.press('[')
  await expect(page).toHaveURL(/at=2026-11-22T13:25:00/)
  await page.keyboard.press('}')
  await expect(page).toHaveURL(/at=2026-11-22T14:25:00/)
  await expect(then).toContainText('1 of 60 steps measured')
  await then.getByLabel(/Moment of the forecast/).fill('2026-11-21T09:30')
  await expect(page).toHaveURL(/at=2026-11-21T09:30:00/)
  await then.getByRole('button', { name: 'Reproduce' }).click()
  await expect(then).toContainText('Every byte came out the same.')
  await page.getByRole('heading', { name: 'Chat assistant' }).click()
  await page.keyboard.press('Escape')
  await expect(then).toHaveCount(0)
})

test('an event is planned, changed, cancelled and taken back; an auditor reads', async ({ page }) => {
  await open(page, '/workloads/chat-llm?tab=events')
  await page.getByRole('button', { name: 'Plan an event' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Plan the event' }).click()
  await expect(dialog).toContainText('Give it a name')
  await dialog.getByLabel('Name').fill('Spring launch')
  await dialog.getByRole('radio', { name: 'I expect a factor' }).click()
  await dialog.getByLabel('Times the usual demand').fill('2.5')
  await page.keyboard.press('Enter')
  const events = page.getByRole('tabpanel')
  const row = events.getByRole('listitem').filter({ hasText: 'Spring launch' })
  await expect(row).toContainText('2.5× the usual')
  await row.getByRole('button', { name: 'Change Spring launch' }).click()
  await dialog.getByRole('radio', { name: 'learn it' }).click()
  await dialog.getByRole('button', { name: 'Change the event' }).click()
  await expect(row).toContainText('learned from earlier ones')
  await row.getByRole('button', { name: 'Cancel Spring launch' }).click()
  await dialog.getByRole('button', { name: 'Cancel the event' }).click()
  await expect(row).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('learned from earlier ones')

  await open(page, '/workloads/chat-llm?tab=events', world(['auditor']))
  await expect(events.getByRole('listitem').filter({ hasText: 'Product launch' })).toBeVisible()
  await expect(page.getByRole('button', { name: /Plan an event|^Cancel / })).toHaveCount(0)
})

test('the command palette finds a workload', async ({ page }) => {
  await open(page, '/')
  await expect(page.getByRole('heading', { name: 'Waits for a decision' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('vision training')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/workloads\/train-vision/)
})

test('a failing server is said plainly, and asked again', async ({ page }) => {
  let down = true
  const handlers = world()
  const overview = answer('overview', 'get', () => {
    if (down) throw new Refusal('SERVICE_UNAVAILABLE', 'The database does not answer.')
    const reply = handlers['overview.get'] as () => never
    return reply()
  })
  await open(page, '/', { ...handlers, ...overview })
  await expect(page.getByRole('alert').first()).toContainText('The database does not answer.')
  down = false
  await page.getByRole('button', { name: 'Load again' }).click()
  await expect(page.getByRole('heading', { name: 'What is coming' })).toBeVisible()
})

test('a base model: the inbox leads to it; approve and roll back send what was seen, a failed test offers neither', async ({
  page,
}) => {
  const sent: unknown[] = []
  const keep = (input: unknown): never => {
    sent.push(input)
    throw new Refusal('CONFLICT', 'Ben Operator was first.')
  }
  const decisions = { ...answer('baseModel', 'approve', keep), ...answer('baseModel', 'rollback', keep) }
  await open(page, '/inbox', { ...world(), ...decisions })
  await page.getByRole('link', { name: /base-4 waits for a decision/ }).click()
  const sheet = page.getByRole('dialog', { name: 'base-4', exact: true })
  await expect(sheet.getByRole('row', { name: /bursts/ })).toContainText(/\+1\.2/)
  await sheet.getByRole('button', { name: 'Approve base-4' }).click()
  const why = page.getByRole('dialog', { name: 'Approve base-4?' })
  await why.getByLabel('Why').fill('no group lost')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(why).toContainText('Ben Operator was first.')
  await open(page, '/models?base=base-2', { ...world(), ...decisions })
  await page.getByRole('button', { name: 'Roll back to base-1' }).click()
  await page.getByRole('dialog', { name: 'Roll back to base-1?' }).getByLabel('Why').fill('worse at night')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('Ben Operator was first.')).toBeVisible()
  expect(sent).toMatchObject([
    { hash: '4'.repeat(64), reason: 'no group lost' },
    { hash: '2'.repeat(64), reason: 'worse at night' },
  ])
  await open(page, '/models?base=base-3')
  await expect(page.getByText('It forgot too much')).toBeVisible()
  await expect(page.getByRole('button', { name: /^(Approve|Reject|Roll back)/ })).toHaveCount(0)
})

test('the log is searched in the address, read by keyboard, and its break is on every page', async ({
  page,
}) => {
  const asked: unknown[] = []
  const handlers = world()
  const list = answer('audit', 'list', (input) => {
    asked.push(input)
    return { entries: [], nextBeforeSeq: null }
  })
  await open(page, '/log')
  const rows = page.getByRole('region', { name: 'Entries of the log' })
  await expect(rows).toContainText('1204')
  await page.keyboard.press('j')
  await expect(page.getByRole('dialog')).toContainText('Entry 1204')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/log$/)
  await open(page, '/log?stage=auth&upTo=900', { ...handlers, ...list })
  await page.getByRole('searchbox', { name: 'Words of the text' }).fill('friday')
  await expect(page.getByText('No entry matches')).toBeVisible()
  await expect.poll(() => asked.at(-1)).toMatchObject({ stage: 'auth', text: 'friday', beforeSeq: 901 })
  const status = answer('status', 'get', () => ({
    ...statusOfAll,
    log: { ...statusOfAll.log, ok: false, problem: 'entry 77 does not match its hash', brokenSeq: 77 },
    delivery: {
      real: ['cluster-eu'],
      unread: [{ name: 'cluster-eu', silent: true, readAt: null }],
      stuck: [],
      deadLetters: 2,
    },
  }))
  await open(page, '/workloads', { ...handlers, ...status })
  await expect(page.getByRole('alert').first()).toContainText('The log is broken at entry 77')
  await expect(page.getByRole('list', { name: 'State of the system' }).first()).toContainText(
    'log broken at entry 77',
  )
  await expect(page.getByRole('complementary', { name: 'Sandbox' })).toContainText('cluster-eu is real')
  await expect(page.getByRole('link', { name: 'cluster-eu does not answer' }).first()).toBeVisible()
  await expect(page.getByRole('link', { name: '2 dead letters' }).first()).toHaveAttribute(
    'href',
    '/targets?view=dead-letters',
  )
})

const places: { path: string; shows: string; roles?: Role[] }[] = [
  { path: '/', shows: 'Spend against bounds' },
  { path: '/inbox', shows: 'code-assist' },
  { path: `/inbox?proposal=${rowsOf(1)[0]?.id}`, shows: 'Alternatives' },
  { path: '/workloads', shows: 'Vision training' },
  { path: '/workloads/chat-llm', shows: 'Which methods carry it' },
  {
    path: '/workloads/chat-llm?tab=trust&at=2026-11-22T13:10:00.000Z',
    shows: 'Against the best method in hindsight',
  },
  { path: '/workloads/chat-llm?tab=origin', shows: 'Own forecaster' },
  { path: '/workloads/chat-llm?tab=pools', shows: 'Lead time and approval time' },
  { path: '/workloads/chat-llm?tab=advice', shows: 'Cache of answers' },
  { path: `/inbox?proposal=${moveRow.id}`, shows: 'What is done, in order' },
  { path: `/decisions/${decisionRow(moveRow).id}`, shows: 'being taken back' },
  { path: '/notifications', shows: 'on-call EU' },
  { path: '/policies?view=approvals', shows: 'Earned autonomy' },
  { path: '/policies?view=engine', shows: 'What it said lately' },
  { path: '/log', shows: 'dispatch.verified' },
  { path: '/log?entry=1200', shows: 'the checkpoint signs' },
  { path: '/log?view=proof', shows: 'auditors’ store' },
  { path: '/people?view=groups', shows: 'Model serving' },
  { path: '/people?view=keys', shows: 'prometheus-eu-west' },
  { path: '/account', shows: '9 recovery codes left' },
  { path: '/models?base=base-4', shows: 'train-vision' },
  { path: `/targets?view=connections&rights=${cluster.id}`, shows: 'Granted to' },
  { path: '/targets?add=target', shows: 'Name of the Deployment', roles: ['admin'] },
  { path: `/targets?view=places&offering=${spotOffering}`, shows: 'How near its users are' },
  {
    path: `/targets?view=connections&find=${cluster.id}`,
    shows: 'models/Job/nightly-training',
    roles: ['admin'],
  },
  {
    path: '/evaluation?workload=chat-llm&from=2026-11-21T14:00:00.000Z&to=2026-11-22T14:00:00.000Z',
    shows: 'Cost against latency',
  },
]

test('no axe finding in either theme or layout', async ({ page }) => {
  test.setTimeout(300_000)
  for (const { path, shows, roles } of places) {
    await open(page, path, world(roles))
    for (const look of looks) {
      await show(page, look)
      await expect(page.getByText(shows).first()).toBeVisible()
      expect.soft(await axeFindings(page), `${path}, ${look.theme}, ${look.width} px`).toEqual([])
    }
    await show(page, looks[0])
  }
})
