import { expect, type Page, test } from '@playwright/test'
import type { Role } from '../server/kernel/roles.ts'
import { startPages } from '../server/runtime/testing/pages.ts'
import { present } from './fixtures/catalog.ts'
import { cluster } from './fixtures/connections.ts'
import { answer, type Handlers, mockApi, Refusal } from './fixtures/mock-api.ts'
import { spotOffering } from './fixtures/places.ts'
import { plan } from './fixtures/plans.ts'
import { decisionRow, proposalDetail, proposalRow } from './fixtures/proposals.ts'
import { movePlan, moveRow, stopRow } from './fixtures/sagas.ts'
import { hashOf, rowsOf, status as statusOfAll, world } from './fixtures/world.ts'
import { axeFindings, looks, show } from './support/axe.ts'

/** The pages against typed answers: what people see and press, in states that a real system reaches seldom. */
let pages: Awaited<ReturnType<typeof startPages>>

test.beforeAll(async () => {
  test.setTimeout(600_000)
  pages = await startPages()
})
test.afterAll(() => pages.stop())

async function open(
  page: Page,
  path: string,
  handlers: Handlers = world(),
  topics?: () => string[],
): Promise<void> {
  await page.clock.setFixedTime(present)
  await mockApi(page, handlers, topics)
  await page.goto(`${pages.address}${path}`)
}

const selected = (page: Page) => page.locator('a[aria-current="true"]')
const proposal = (page: Page) => page.getByRole('article')

test.describe('a decision by keyboard', () => {
  test('j and k move, a shows exactly what is sent, Enter sends what was seen', async ({ page }) => {
    const sent: unknown[] = []
    const handlers = world()
    const approve = answer('proposal', 'approve', (input) => {
      sent.push(input)
      throw new Refusal('CONFLICT', 'Ben Operator approved it 4 s ago.')
    })
    await open(page, '/inbox', { ...handlers, ...approve })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('j')
    await expect(selected(page)).toContainText('code-assist')
    await page.keyboard.press('k')
    await expect(selected(page)).toContainText('chat-llm')
    await expect(proposal(page).getByText('Chat assistant')).toBeVisible()
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Approve 12 → 19 for chat-llm?')
    await expect(dialog).toContainText('48213')
    await expect(dialog).toContainText('equals what is shown')
    await expect(dialog.getByRole('button', { name: 'Approve 12 → 19' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByText('Ben Operator approved it 4 s ago.')).toBeVisible()
    await expect(page.getByText('Not sent: it was not as you saw it')).toBeVisible()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ revision: 1, proposalId: rowsOf(1)[0]?.id })
  })

  test('what is replaced while it is read stays open and in its place, and leads to what replaced it', async ({
    page,
  }) => {
    const rows = rowsOf(3)
    const [old] = rows
    if (!old) throw new Error('the world has proposals')
    const next = proposalRow(90, { workload: old.workload, toReplicas: 21, costChangePerHourUsd: 18.27 })
    const { actions } = plan(21)
    let replaced = false
    const approve = answer('proposal', 'approve', () => {
      replaced = true
      throw new Refusal('CONFLICT', 'system: advance superseded #100.')
    })
    const get = answer('proposal', 'get', ({ id }) => {
      const row = [...rows, next].find((each) => each.id === id) ?? old
      const detail = proposalDetail(row, hashOf(row.id, plan(row.toReplicas)))
      if (row !== old || !replaced) return detail
      return { ...detail, state: 'superseded' as const, successor: { ...next, actions } }
    })
    const list = answer('proposal', 'list', () => ({
      rows: replaced ? [...rows.slice(1), next] : rows,
      nextCursor: null,
    }))
    await open(page, '/inbox', { ...world(), ...approve, ...get, ...list })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    const notice = proposal(page).getByText('#190 replaced #100')
    await expect(notice).toBeVisible()
    await expect(proposal(page)).toContainText('12 → 19 replicas, now 12 → 21 replicas')
    await expect(proposal(page)).toContainText('+$14.21/h, now +$18.27/h')
    await expect(selected(page)).toContainText('12 → 21')
    await page.getByRole('button', { name: 'Go to #190' }).click()
    await expect(page.getByRole('article', { name: 'Proposal 190' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Proposals' }).getByRole('listitem').first()).toContainText(
      '12 → 21',
    )
  })

  test('the whole inbox by keyboard alone: select, decide together, snooze, override elsewhere, search, undo', async ({
    page,
  }) => {
    const sent: Record<string, unknown[]> = { batch: [], snooze: [], preview: [], undo: [] }
    const approved = proposalRow(60, { state: 'approved', dispatchState: 'pending' })
    const handlers = world()
    const remember = (name: string, of: keyof typeof sent): Handlers => {
      const usual = (handlers as Record<string, (input: unknown) => unknown>)[name]
      const reply = (input: unknown) => {
        sent[of]?.push(input)
        return usual?.(input)
      }
      return { [name]: reply } as Handlers
    }
    await open(page, '/inbox', {
      ...handlers,
      ...remember('proposal.decideBatch', 'batch'),
      ...remember('proposal.snooze', 'snooze'),
      ...remember('proposal.previewOverride', 'preview'),
      ...answer('proposal', 'undo', (input) => {
        sent.undo?.push(input)
        return proposalDetail(approved, '0'.repeat(64))
      }),
      ...answer('proposal', 'list', ({ state }) => ({
        rows: state?.includes('approved') ? [approved] : rowsOf(7),
        nextCursor: null,
      })),
      ...answer('proposal', 'get', ({ id }) => {
        const row = [approved, ...rowsOf(7)].find((each) => each.id === id) ?? approved
        const detail = proposalDetail(row, hashOf(row.id, plan(row.toReplicas)))
        if (row !== approved) return detail
        const notBefore = new Date(present + 5_000).toISOString()
        return { ...detail, undo: { decisionId: decisionRow(row).id, notBefore, notAfter: null } }
      }),
    })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()

    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await expect(page.getByRole('region', { name: 'Selected proposals' })).toContainText('2 selected')
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Approve 2 proposals?')
    await expect(dialog).toContainText('Together +$18.27/h')
    await page.keyboard.type('the launch is on')
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(dialog).toContainText('1 of 2 approved, 1 refused')
    await expect(dialog.getByRole('list', { name: 'Results' })).toContainText('Reason: a test.')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(sent.batch).toMatchObject([{ verdict: 'approve', reason: 'the launch is on' }])
    await expect(page.getByRole('region', { name: 'Selected proposals' })).toHaveCount(0)

    await page.keyboard.press('k')
    await page.keyboard.press('s')
    await expect(dialog).toContainText('Snooze #100 for chat-llm?')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(sent.snooze).toMatchObject([{ until: new Date(present + 180_000).toISOString() }])

    await page.keyboard.press('o')
    const form = page.getByRole('form', { name: 'Override' })
    await expect(form.getByRole('spinbutton')).toBeFocused()
    await expect(form.getByRole('combobox', { name: 'Instead at another place' })).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('option', { name: 'Instead at …' })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('option', { name: /L4 owned at Basement/ })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(form.getByRole('spinbutton')).toHaveCount(2)
    await expect(form.getByRole('spinbutton').last()).toBeFocused()
    // Seven replicas of 8 req/s, in replicas of 4 req/s beside the four that stand.
    await expect.poll(() => sent.preview?.at(-1)).toMatchObject({ setPoints: [{ to: 12 }, { to: 18 }] })
    await page.keyboard.press('Escape')
    await expect(form).toHaveCount(0)

    await page.keyboard.press('/')
    await page.keyboard.type('arsxu')
    await expect(page).toHaveURL(/q=arsxu/)
    await expect(dialog).toHaveCount(0)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(dialog).toContainText('snooze: put it off until a time')
    await page.keyboard.press('Escape')

    await page.goto(`${pages.address}/inbox?view=approved`)
    await expect(proposal(page).getByText('Will be sent in 5')).toBeVisible()
    await page.keyboard.press('u')
    await expect(page.getByText('is undone; it waits again')).toBeVisible()
    expect(sent.undo).toHaveLength(1)
  })

  test('nothing fires while somebody types', async ({ page }) => {
    await open(page, '/inbox')
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.getByRole('searchbox', { name: 'Search proposals' }).fill('')
    await page.keyboard.type('aor?jk')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByRole('form', { name: 'Override' })).toHaveCount(0)
    await expect(page).toHaveURL(/q=aor/)
  })

  test('an override is recomputed, and cannot be sent where policy forbids it', async ({ page }) => {
    await open(page, '/inbox')
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('o')
    const form = page.getByRole('form', { name: 'Override' })
    await expect(form.getByRole('spinbutton')).toBeFocused()
    await page.keyboard.type('27')
    await expect(form).toContainText('Policy forbids 12 → 27')
    await expect(form).toContainText('27 replicas, but the limit is at most 24.')
    await expect(form.getByRole('button', { name: 'Override: send 12 → 27' })).toBeDisabled()
    await form.getByRole('spinbutton').fill('15')
    await expect(form).toContainText('+$6.09/h')
    const send = form.getByRole('button', { name: 'Override: send 12 → 15' })
    await expect(send).toBeEnabled()
    await send.click()
    await expect(form).toContainText('Say why in at least three characters.')
    await page.keyboard.press('Escape')
    await expect(form).toHaveCount(0)
  })

  test('a reject wants a reason', async ({ page }) => {
    const reasons: string[] = []
    const handlers = world()
    const reject = answer('proposal', 'reject', (input) => {
      reasons.push(input.reason)
      throw new Refusal('CONFLICT', 'It expired meanwhile.')
    })
    await open(page, '/inbox', { ...handlers, ...reject })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Reject' }).click()
    await expect(dialog).toContainText('Say why in at least three characters.')
    await dialog.getByLabel('Why').fill('A launch was moved')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('It expired meanwhile.')).toBeVisible()
    expect(reasons).toEqual(['A launch was moved'])
  })

  test('an auditor reads, and is offered nothing to do', async ({ page }) => {
    await open(page, '/inbox', world(['auditor']))
    await expect(proposal(page).getByText('Only operators decide.')).toBeVisible()
    await page.keyboard.press('a')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
})

test('new rows wait behind a count and move nothing', async ({ page }) => {
  let rows = rowsOf(5)
  const list = answer('proposal', 'list', () => ({ rows, nextCursor: null }))
  let topics: string[] = []
  await open(page, '/inbox', { ...world(), ...list }, () => topics)
  await expect(selected(page)).toContainText('chat-llm')
  const before = await selected(page).boundingBox()
  rows = [proposalRow(90), proposalRow(91), ...rows]
  topics = ['proposal']
  const button = page.getByRole('button', { name: /2 new/ })
  await expect(button).toBeVisible()
  await expect(page.getByRole('region', { name: 'Proposals' }).getByRole('listitem')).toHaveCount(5)
  const after = await selected(page).boundingBox()
  expect(after?.x).toBe(before?.x)
  await button.click()
  await expect(page.getByRole('region', { name: 'Proposals' }).getByRole('listitem')).toHaveCount(7)
})

test('ten thousand proposals scroll without drawing them all', async ({ page }) => {
  await open(page, '/inbox', world(['operator'], 10_000))
  const list = page.getByRole('region', { name: 'Proposals' })
  await expect(list.getByRole('listitem').first()).toBeVisible()
  const height = () => list.evaluate((element) => element.scrollHeight)
  await page.evaluate(() => {
    const note = (ms: number) => {
      document.body.dataset.longest = String(Math.max(ms, Number(document.body.dataset.longest ?? 0)))
    }
    new PerformanceObserver((seen) => {
      for (const { duration } of seen.getEntries()) note(duration)
    }).observe({ type: 'longtask' })
  })
  for (const loaded of [2, 3, 4]) {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect.poll(height).toBeGreaterThanOrEqual(loaded * 200 * 56 - 1)
  }
  expect(await list.getByRole('listitem').count()).toBeLessThan(60)
  const longest = await page.evaluate(() => document.body.dataset.longest ?? 'none above 50')
  console.log(`  longest task while 800 rows came and scrolled: ${longest} ms`)
  await page.keyboard.press('j')
  await expect(selected(page)).toContainText('code-assist')
})

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

test('an empty inbox says what would be here', async ({ page }) => {
  await open(page, '/inbox', world(['operator'], 0))
  await expect(page.getByText('Nothing waits for a decision')).toBeVisible()
})

test('on a phone the list leads to the proposal and back', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const page = await context.newPage()
  await open(page, '/inbox')
  await expect(proposal(page)).toBeHidden()
  await page.getByRole('listitem').filter({ hasText: 'chat-llm' }).first().getByRole('link').click()
  await expect(proposal(page).getByRole('button', { name: /Approve 12 → 19/ })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(proposal(page)).toBeHidden()
  await context.close()
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

test('a saga shows its stages and what takes it back; every set-point can be overridden', async ({
  page,
}) => {
  const asked: unknown[] = []
  const preview = answer('proposal', 'previewOverride', (input) => {
    asked.push(input)
    const content = movePlan()
    return { content, contentHash: hashOf(input.proposalId, content), difference: [], riskUntilStart: null }
  })
  const list = answer('proposal', 'list', () => ({ rows: [moveRow, stopRow], nextCursor: null }))
  await open(page, '/inbox', { ...world(), ...list, ...preview })
  await expect(selected(page)).toContainText('move · 3 actions · 2 workloads')
  const stages = proposal(page).getByRole('region', { name: 'What is done, in order' })
  await expect(stages.getByRole('listitem').first()).toContainText('suspend embed-nightly-0412')
  await expect(stages).toContainText('once 2 stands verified')
  await expect(stages).toContainText('$28.80/h')
  await page.keyboard.press('a')
  await expect(page.getByRole('dialog')).toContainText('equals what is shown')
  await page.keyboard.press('Escape')
  await page.keyboard.press('o')
  const form = page.getByRole('form', { name: 'Override' })
  await form.getByLabel('chat-llm-owned-a100, replicas').fill('5')
  await expect(form.getByRole('button', { name: 'Override: send chat-llm-owned-a100 3 → 5' })).toBeEnabled()
  expect(asked.at(-1)).toMatchObject({ setPoints: [{ to: 0 }, { to: 5 }, { to: 8 }] })
  await form.getByRole('spinbutton').first().press('Escape')
  await page.keyboard.press('j')
  await expect(stages).toContainText('nothing is taken back')
  await expect(proposal(page).getByRole('button', { name: 'Approve cancel for good' })).toBeEnabled()
  const choices = proposal(page).getByRole('region', { name: 'Alternatives' })
  await expect(choices.getByRole('row', { name: /Suspend; it can be resumed/ })).toContainText('suspend')
  await page.keyboard.press('o')
  await expect(form.getByRole('radio', { name: 'suspend' })).toBeChecked()
  await expect(form.getByRole('button', { name: 'Override: send suspend' })).toBeEnabled()
  expect(asked.at(-1)).toMatchObject({ setPoints: [{ to: 0, kind: 'suspend' }] })
  await form.getByRole('radio', { name: /cancel for good/ }).check()
  await expect(form.getByRole('button', { name: 'Override', exact: true })).toBeDisabled()
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
  await expect.poll(() => asked.at(-1)).toMatchObject({ stage: 'auth', text: 'friday', cursor: 901 })
  const status = answer('status', 'get', () => ({
    ...statusOfAll,
    log: { ...statusOfAll.log, ok: false, problem: 'entry 77 does not match its hash', brokenSeq: 77 },
  }))
  await open(page, '/workloads', { ...handlers, ...status })
  await expect(page.getByRole('alert').first()).toContainText('The log is broken at entry 77')
  await expect(page.getByRole('list', { name: 'State of the system' }).first()).toContainText(
    'log broken at entry 77',
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
